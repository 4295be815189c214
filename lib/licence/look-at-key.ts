import "server-only";
import type { ProductCode } from "@/lib/brand";
import { findKeyForNobody } from "@/lib/licence/find-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { lookWithinLimits, type Limited } from "@/lib/licence/look-up";
import { verdictOn, type RefusalReason } from "@/lib/licence/refusal";
import type { Term } from "@/lib/licence/term";
import { count } from "@/lib/metrics";

export type Sight =
  | {
      status: "usable";
      product: ProductCode;
      seats: number;
      term: Term;
      /** Last day to redeem, YYYY-MM-DD. */
      redeemBy: string | null;
      regions: string[] | null;
    }
  /** An account has it: perhaps that of the person who looks. */
  | { status: "used" }
  | {
      status: "refused";
      reason: Exclude<RefusalReason, "usedByAnother" | "region" | "ceiling">;
      /** `expired`: the last day the key could be redeemed, YYYY-MM-DD. */
      redeemBy?: string;
    }
  | Limited;

/**
 * Says what a key is for to somebody who is not signed in, within the guessing limits of their network. It changes
 * nothing of the key, and never says whose it is.
 * @param look.key canonical: 25 symbols, well-formed
 */
export async function lookAtKey(
  { key, network }: { key: string; network: string | null },
  { now }: { now: Date },
): Promise<Sight> {
  const guess = { key, accountId: null, network };
  const look = await lookWithinLimits(guess, {
    find: (counters) => findKeyForNobody(lookupDigest(key), counters),
    isMiss: (one) => one.key === null,
    now,
  });
  if ("status" in look) return look;
  const { key: found } = look;
  const verdict = found ? verdictOn(found, { accountId: null, country: null, now }) : "unknown";
  if (verdict === "usedByAnother") return { status: "used" };
  if (verdict === "unknown" || verdict === "withdrawn" || verdict === "notReleased" || verdict === "expired") {
    count("refusals", { reason: verdict });
    return { status: "refused", reason: verdict, ...(found?.redeemBy && { redeemBy: found.redeemBy }) };
  }
  const { product, seats, term, redeemBy, regions } = found!;
  return { status: "usable", product, seats, term, redeemBy, regions };
}
