import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { findKey, type FoundKey, type AskingAccount } from "@/lib/licence/find-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { caseCodeOf, verdictOn, type Refusal, type RefusalReason } from "@/lib/licence/refusal";
import { countMiss, guessingCounters, type Guess } from "@/lib/limits/guessing";
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
 * Looks up a key for an account, within the rate limits on guessing, and judges it. Finding a key takes one statement,
 * which only reads. A miss is counted before the caller learns of it. A process runs an account's look-ups one after
 * the other, so that parallel guesses reach the limit as sequential ones do.
 * @throws Error when the account does not exist or was erased
 */
export async function lookUpKey(attempt: Attempt, { now }: { now: Date }): Promise<LookedUp> {
  const { key, accountId } = attempt;
  const lookup = lookupDigest(key);
  const look = await inTurn(accountId, async () => {
    const found = await findKey(lookup, accountId, guessingCounters(attempt));
    if (found.key || found.lockedUntil) return found;
    return { ...found, lockedUntil: await countMiss(attempt, { now }) };
  });
  // Refuse existing keys too: after too many guesses, nobody may learn which key exists.
  if (look.lockedUntil) {
    count("limits_hit", { limit: "keyMiss" });
    return { status: "limited", until: look.lockedUntil };
  }
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

/**
 * Builds a refusal and records its event, with the batch of a known key. The same refusal again records no second
 * event.
 */
export async function refuse(
  { lookup, accountId, batchId, now }: { lookup: Buffer; accountId: string; batchId?: string; now: Date },
  reason: RefusalReason,
  details: Pick<Refusal, "redeemBy" | "regions" | "possibleFrom" | "canKeep"> = {},
): Promise<Refusal> {
  count("refusals", { reason });
  const caseCode = caseCodeOf(lookup, accountId, reason);
  const recorded = { reason, ...(batchId && { batch: batchId }) };
  await recordEvent(db(), { action: "key.refused", accountId, subject: caseCode, at: now, details: recorded });
  return { status: "refused", reason, caseCode, ...details };
}

const detailsOf = ({ redeemBy, regions }: FoundKey) => ({
  ...(redeemBy && { redeemBy }),
  ...(regions && { regions }),
});
