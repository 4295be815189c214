import "server-only";
import type { ProductCode } from "@/lib/brand";
import { longestRunning } from "@/lib/licence/choices";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger } from "@/lib/licence/ledger";
import { findCode, type FoundCode } from "@/lib/licence/leases/find-code";
import { lookWithinLimits, refuse, type Limited } from "@/lib/licence/look-up";
import { endOfDayEverywhere, type Refusal } from "@/lib/licence/refusal";
import { leaseOf } from "@/lib/licence/sources/lease";

/** An account's attempt to redeem a partner code. `code` is canonical: 15 symbols, well-formed. */
export type CodeAttempt = { code: string; accountId: string; network: string | null };

/** Why a well-formed code is refused. If several reasons apply, the first in this order is given. */
export type CodeRefusal = Refusal & { reason: "unknown" | "usedByAnother" | "expired" };

export type CodePreview =
  | {
      status: "ready";
      product: ProductCode;
      seats: number;
      /** Its name. */
      partner: string;
      /** Last day to redeem, YYYY-MM-DD. */
      redeemBy: string | null;
      /** Until when the account's own subscription to this product runs, beside the lease. Null: none runs. */
      besideUntil: Date | null;
    }
  | { status: "alreadyYours"; grantId: string; subscriptionId: string }
  | CodeRefusal
  | Limited;

/**
 * Says what a partner code would give to an account now. For a code that can be used, at most two statements run, which
 * only read.
 */
export async function previewCode(attempt: CodeAttempt, { now }: { now: Date }): Promise<CodePreview> {
  const looked = await lookUpCode(attempt, { now });
  if (looked.status !== "usable") return looked;
  const { product, seats, partner, redeemBy } = looked.code;
  const all = looked.hasSubscriptions ? await readLedger(attempt.accountId) : [];
  const own = all.filter((one) => one.product === product && !leaseOf(one));
  const besideUntil = longestRunning(own, now)?.endsAt ?? null;
  return { status: "ready", product, seats, partner: partner.name, redeemBy, besideUntil };
}

export type LookedUpCode =
  { status: "usable"; code: FoundCode; hasSubscriptions: boolean } | Exclude<CodePreview, { status: "ready" }>;

/**
 * Looks up a partner code for an account, and judges it. Misses count toward the rate limits of product keys, so that
 * nobody guesses twice as much.
 * @throws Error when the account does not exist or was erased
 */
export async function lookUpCode(
  { code, accountId, network }: CodeAttempt,
  { now }: { now: Date },
): Promise<LookedUpCode> {
  const lookup = lookupDigest(code);
  const look = await lookWithinLimits(
    { key: code, accountId, network },
    { find: (counters) => findCode(lookup, accountId, counters), isMiss: (found) => found.code === null, now },
  );
  if ("status" in look) return look;
  const asked = { lookup, accountId, now, of: "code" as const };
  const { code: found, hasSubscriptions } = look;
  if (!found) return refuse(asked, "unknown");
  const { lease, redeemBy } = found;
  if (lease?.ownerId === accountId) {
    return { status: "alreadyYours", grantId: lease.grantId, subscriptionId: lease.subscriptionId };
  }
  if (lease) return refuse(asked, "usedByAnother");
  if (redeemBy && now >= endOfDayEverywhere(redeemBy)) return refuse(asked, "expired", { redeemBy });
  return { status: "usable", code: found, hasSubscriptions };
}
