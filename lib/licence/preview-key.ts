import "server-only";
import type { ProductCode } from "@/lib/brand";
import { givingsFor, longestRunning, previewVersion, runningLease, type Choice } from "@/lib/licence/choices";
import type { FoundKey, AskingAccount } from "@/lib/licence/find-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import { lookUpKey, refuse, type Attempt, type Limited } from "@/lib/licence/look-up";
import type { Refusal } from "@/lib/licence/refusal";
import { leaseOf } from "@/lib/licence/sources/lease";
import { withinCeilingFrom, type Term } from "@/lib/licence/term";

export type Preview =
  | {
      status: "ready";
      product: ProductCode;
      seats: number;
      term: Term;
      /** Last day to redeem, YYYY-MM-DD. */
      redeemBy: string | null;
      regions: string[] | null;
      /** What can be done with the key now, the best one first; never empty, and never *keep* alone. */
      choices: [Choice, ...Choice[]];
      /**
       * Subscriptions of other products that run now, the one that ends last first: this key does not touch them. Without
       * leases, which use up no day of anybody's.
       */
      beside: { product: ProductCode; endsAt: Date }[];
      /** Pass it to `redeemKey`, which redeems only what was shown. */
      version: string;
    }
  | { status: "alreadyYours"; grantId: string; subscriptionId: string }
  | Refusal
  | Limited;

/**
 * Says what a key would give to an account now. For a key that can be used, at most two statements run, which only
 * read. A refusal records an event, once per account, key and reason.
 */
export async function previewKey(attempt: Attempt, { now }: { now: Date }): Promise<Preview> {
  const judged = await judgeKey(attempt, { now });
  return judged.status === "usable" ? judged.preview : judged;
}

export type Judgement =
  | { status: "usable"; preview: Extract<Preview, { status: "ready" }>; key: FoundKey; holder: AskingAccount }
  | Exclude<Preview, { status: "ready" }>;

/** Like {@link previewKey}, with the rows it judged: `redeemKey` writes only if none of them has changed. */
export async function judgeKey(attempt: Attempt, { now }: { now: Date }): Promise<Judgement> {
  const lookedUp = await lookUpKey(attempt, { now });
  if (lookedUp.status !== "usable") return lookedUp;
  const asked = { lookup: lookupDigest(attempt.key), accountId: attempt.accountId };
  const all = lookedUp.holder.hasSubscriptions ? await readLedger(attempt.accountId) : [];
  return weigh({ ...lookedUp, ...asked, all }, { now });
}

type Weighed = { key: FoundKey; holder: AskingAccount; lookup: Buffer; accountId: string; all: SubscriptionLedger[] };

/** Says what a key that may be used gives to an account with these subscriptions. */
export async function weigh(
  { key, holder, lookup, accountId, all }: Weighed,
  { now }: { now: Date },
): Promise<Judgement> {
  const { product, seats, term, redeemBy, regions } = key;
  const ofProduct = all.filter((one) => one.product === product);
  const { offered, overCeiling } = givingsFor(term, ofProduct, now);
  const isKept = key.state.name === "kept";
  const [best, ...others] = offered;
  if (!best) {
    const possibleFrom = overCeiling && withinCeilingFrom(overCeiling.endsAt);
    const details = { canKeep: !isKept, ...(possibleFrom && { possibleFrom }) };
    return refuse({ lookup, accountId, batchId: key.batchId, now }, "ceiling", details);
  }
  const lease = runningLease(ofProduct, now);
  const runningUntil = lease ? null : (longestRunning(ofProduct, now)?.endsAt ?? null);
  const keep: Choice = { kind: "keep", runningUntil, provider: lease?.partner ?? null };
  const beside = all
    .filter((one) => one.product !== product && one.endsAt > now && !leaseOf(one))
    .map((one) => ({ product: one.product, endsAt: one.endsAt }))
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  const version = previewVersion({ product, timeZone: holder.timeZone }, ofProduct, offered);
  const shown = { product, seats, term, redeemBy, regions, beside, version };
  // Beside a lease every day of the key would be used twice.
  const choices: [Choice, ...Choice[]] = isKept
    ? [best, ...others]
    : lease
      ? [keep, best, ...others]
      : [best, ...others, keep];
  return { status: "usable", preview: { status: "ready", choices, ...shown }, key, holder };
}
