import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { findKey, type FoundKey, type AskingAccount } from "@/lib/licence/find-key";
import { digestStart, lookupDigest } from "@/lib/licence/key-vault";
import { caseCodeOf, verdictOn, type Refusal, type RefusalReason } from "@/lib/licence/refusal";
import { countMiss, guessingCounters, type Guess, type GuessingCounters } from "@/lib/limits/guessing";
import { count } from "@/lib/metrics";
import { inTurn } from "@/lib/limits/in-turn";

/** An account's attempt to look up a key. `key` is canonical: 25 symbols, well-formed. */
export type Attempt = Guess & { accountId: string };

export type Limited = { status: "limited"; until: Date };

export type LookedUp =
  | { status: "usable"; key: FoundKey; holder: AskingAccount }
  | { status: "alreadyYours"; grantId: string; subscriptionId: string }
  | Refusal
  | Limited;

/**
 * Looks up a key for an account, within the rate limits on guessing, and judges it.
 * @throws Error when the account does not exist or was erased
 */
export async function lookUpKey(attempt: Attempt, { now }: { now: Date }): Promise<LookedUp> {
  const { key, accountId } = attempt;
  const lookup = lookupDigest(key);
  const look = await lookWithinLimits(attempt, {
    find: (counters) => findKey(lookup, accountId, counters),
    isMiss: ({ key }) => key === null,
    now,
  });
  if ("status" in look) return look;
  if (!look.key) return refuse({ lookup, accountId, now }, "unknown");

  const verdict = verdictOn(look.key, { accountId, country: look.holder.country, now });
  const { state } = look.key;
  if (verdict === "alreadyYours" && state.name === "redeemed") {
    return { status: "alreadyYours", grantId: state.grantId, subscriptionId: state.subscriptionId };
  }
  if (verdict && verdict !== "alreadyYours") {
    return refuse({ lookup, accountId, batchId: look.key.batchId, now }, verdict, detailsOf(look.key));
  }
  return { status: "usable", key: look.key, holder: look.holder };
}

type Looking<Found> = {
  /** Reads in one statement, which also says whether the caller is locked. */
  find: (counters: GuessingCounters) => Promise<Found>;
  isMiss: (found: Found) => boolean;
  now: Date;
};

/**
 * Looks up a key or a partner code, within the rate limits on guessing. A miss is counted before the caller learns of it.
 * A process runs the look-ups of an account, or of a network without one, one after the other, so that parallel guesses
 * reach the limit as sequential ones do.
 */
export async function lookWithinLimits<Found extends { lockedUntil: Date | null }>(
  guess: Guess,
  { find, isMiss, now }: Looking<Found>,
): Promise<Found | Limited> {
  const { found, until } = await inTurn(guess.accountId ?? `network ${guess.network}`, async () => {
    const found = await find(guessingCounters(guess));
    if (found.lockedUntil || !isMiss(found)) return { found, until: found.lockedUntil };
    return { found, until: await countMiss(guess, { now }) };
  });
  if (!until) return found;
  // Existing keys are refused too: after too many guesses, nobody may learn which key exists.
  count("limits_hit", { limit: "keyMiss" });
  return { status: "limited", until };
}

/**
 * Builds a refusal and records its event, with what finds a known key again: its batch and the start of its digest. The same refusal again records no second event.
 * @param asked.of a partner code; without it, a product key
 */
export async function refuse<Reason extends RefusalReason>(
  {
    lookup,
    accountId,
    batchId,
    now,
    of,
  }: { lookup: Buffer; accountId: string; batchId?: string; now: Date; of?: "code" },
  reason: Reason,
  details: Pick<Refusal, "redeemBy" | "regions" | "possibleFrom" | "canKeep"> = {},
): Promise<Refusal & { reason: Reason }> {
  count("refusals", { reason });
  const caseCode = caseCodeOf(lookup, accountId, reason);
  const recorded = { reason, ...(batchId && { batch: batchId, digestStart: digestStart(lookup) }), ...(of && { of }) };
  await recordEvent(db(), { action: "key.refused", accountId, subject: caseCode, at: now, details: recorded });
  return { status: "refused", reason, caseCode, ...details };
}

const detailsOf = ({ redeemBy, regions }: FoundKey) => ({
  ...(redeemBy && { redeemBy }),
  ...(regions && { regions }),
});
