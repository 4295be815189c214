import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import type { ProductCode } from "@/lib/brand";
import { findGrantOfKey, findKey, knownProduct, readHolder } from "@/lib/licence/find-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger } from "@/lib/licence/ledger";
import { outcomeOf, previewVersion, type Outcome } from "@/lib/licence/outcome";
import { caseCodeOf, verdictOn, type Refusal, type RefusalReason } from "@/lib/licence/refusal";
import { withinCeilingFrom, type Term } from "@/lib/licence/term";

export type Preview =
  | ({
      status: "ready";
      product: ProductCode;
      seats: number;
      term: Term;
      /** Last day to redeem, YYYY-MM-DD. */
      redeemBy: string | null;
      regions: string[] | null;
      /** Subscriptions of other products that run now, the one that ends last first: this key does not touch them. */
      beside: { product: ProductCode; endsAt: Date }[];
      /** To be handed to `redeemKey`: what was shown is what happens. */
      version: string;
    } & Pick<Outcome, "choice" | "runningUntil" | "startsAt" | "endsAt">)
  | { status: "alreadyYours"; grantId: string; subscriptionId: string }
  | Refusal;

/**
 * Says what a key would give to an account now. Spends nothing; only a refusal leaves an event, once.
 * @param key canonical, 25 symbols, well-formed
 */
export async function previewKey(
  { key, accountId }: { key: string; accountId: string },
  { now }: { now: Date },
): Promise<Preview> {
  const attempt = { lookup: lookupDigest(key), accountId, now };
  const found = await findKey(db(), attempt.lookup);
  if (!found) return refuse(attempt, "unknown");

  const holder = await readHolder(accountId);
  const verdict = verdictOn(found, { accountId, country: holder.country, now });
  if (verdict === "alreadyYours") {
    const grant = await findGrantOfKey(db(), found.id);
    if (!grant) throw new Error("a redeemed key has a live grant");
    return { status: "alreadyYours", ...grant };
  }
  if (verdict) return refuse(attempt, verdict, detailsOf(found));

  const all = await readLedger(db(), { accountId });
  const subscriptions = all.filter(({ productCode }) => productCode === found.product);
  const outcome = outcomeOf(found.term, subscriptions, now);
  if (outcome.overCeiling) return refuse(attempt, "ceiling", { possibleFrom: withinCeilingFrom(outcome.endsAt) });

  const { product, seats, term, redeemBy, regions } = found;
  const { choice, runningUntil, startsAt, endsAt } = outcome;
  const version = previewVersion(product, subscriptions, outcome, holder.timeZone);
  const beside = all
    .filter((one) => one.productCode !== product && one.endsAt > now)
    .map((one) => ({ product: knownProduct(one.productCode), endsAt: one.endsAt }))
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  const shown = { product, seats, term, redeemBy, regions, choice, runningUntil, startsAt, endsAt, beside };
  return { status: "ready", ...shown, version };
}

/** Builds a refusal and writes its event; looking again at the same key writes nothing more. */
async function refuse(
  { lookup, accountId, now }: { lookup: Buffer; accountId: string; now: Date },
  reason: RefusalReason,
  details: Pick<Refusal, "redeemBy" | "regions" | "possibleFrom"> = {},
): Promise<Refusal> {
  const caseCode = caseCodeOf(lookup, accountId, reason);
  await recordEvent(db(), { action: "key.refused", accountId, subject: caseCode, at: now, details: { reason } });
  return { status: "refused", reason, caseCode, ...details };
}

const detailsOf = ({ redeemBy, regions }: { redeemBy: string | null; regions: string[] | null }) => ({
  ...(redeemBy && { redeemBy }),
  ...(regions && { regions }),
});
