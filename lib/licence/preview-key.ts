import "server-only";
import type { ProductCode } from "@/lib/brand";
import { choicesFor, previewVersion, type Choice } from "@/lib/licence/choices";
import type { FoundKey, AskingAccount } from "@/lib/licence/find-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger } from "@/lib/licence/ledger";
import { lookUpKey, refuse, type Attempt, type Limited } from "@/lib/licence/look-up";
import type { Refusal } from "@/lib/licence/refusal";
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
      /** What can be done with the key now, the best one first; never empty. */
      choices: [Choice, ...Choice[]];
      /** Subscriptions of other products that run now, the one that ends last first: this key does not touch them. */
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
  const { key, holder } = lookedUp;
  const { product, seats, term, redeemBy, regions } = key;

  const all = holder.hasSubscriptions ? await readLedger(attempt.accountId) : [];
  const ofProduct = all.filter((one) => one.product === product);
  const { offered, overCeiling } = choicesFor(term, ofProduct, now);
  const [best, ...others] = offered;
  if (!best) {
    const possibleFrom = overCeiling[0] && withinCeilingFrom(overCeiling[0].endsAt);
    const refused = { lookup: lookupDigest(attempt.key), accountId: attempt.accountId, now };
    return refuse(refused, "ceiling", { ...(possibleFrom && { possibleFrom }) });
  }
  const beside = all
    .filter((one) => one.product !== product && one.endsAt > now)
    .map((one) => ({ product: one.product, endsAt: one.endsAt }))
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  const version = previewVersion({ product, timeZone: holder.timeZone }, ofProduct, offered);
  const shown = { product, seats, term, redeemBy, regions, beside, version };
  return { status: "usable", preview: { status: "ready", choices: [best, ...others], ...shown }, key, holder };
}
