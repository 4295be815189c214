import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { grantEntry } from "@/lib/db/schema/ledger";
import { subscription } from "@/lib/db/schema/licence";
import { lease } from "@/lib/db/schema/partner";
import { postMail } from "@/lib/jobs/outbox";
import { OPEN_END } from "@/lib/licence/coverage";
import { lockLedger } from "@/lib/licence/ledger";
import type { FoundCode } from "@/lib/licence/leases/find-code";
import { lookUpCode, type CodeAttempt, type CodeRefusal } from "@/lib/licence/leases/preview-code";
import type { Limited } from "@/lib/licence/look-up";
import { count } from "@/lib/metrics";

type Started = { grantId: string; subscriptionId: string };

export type CodeRedemption = ({ status: "activated" | "alreadyYours" } & Started) | CodeRefusal | Limited;

/**
 * Redeems a partner code for an account: a lease starts, in a subscription of its own. A code becomes at most one lease,
 * whatever arrives at the same time. Repeating a request gives the first result again.
 */
export async function redeemCode(attempt: CodeAttempt, context: { now: Date }): Promise<CodeRedemption> {
  const redemption = await redeem(attempt, context);
  count("redemptions", { outcome: redemption.status });
  return redemption;
}

async function redeem(attempt: CodeAttempt, { now }: { now: Date }): Promise<CodeRedemption> {
  const looked = await lookUpCode(attempt, { now });
  if (looked.status !== "usable") return looked;
  const started = await startLease(looked.code, attempt.accountId, now);
  if (started) return { status: "activated", ...started };
  // Somebody was faster, perhaps the same request, so the code is no longer usable.
  return redeem(attempt, { now });
}

/** Thrown inside the transaction, so that nothing of it stays. */
class Taken extends Error {}

/** Starts a lease in one transaction. @returns null when the code has become a lease meanwhile */
async function startLease(code: FoundCode, accountId: string, now: Date): Promise<Started | null> {
  const { product, partner } = code;
  try {
    return await transaction(async (tx) => {
      await lockLedger(tx, accountId);
      const [owner] = await tx
        .select({ email: account.email })
        .from(account)
        .where(and(eq(account.id, accountId), isNull(account.erasedAt)));
      if (!owner) throw new Error("the account of a live session does not exist");
      const [made] = await tx
        .insert(subscription)
        .values({ accountId, productCode: product, endsAt: OPEN_END })
        .returning({ id: subscription.id });
      const subscriptionId = made!.id;
      const [begun] = await tx
        .insert(lease)
        .values({ codeId: code.id, accountId, subscriptionId, startedAt: now, changedAt: now })
        .onConflictDoNothing({ target: lease.codeId })
        .returning({ id: lease.id });
      if (!begun) throw new Taken();
      const [grant] = await tx
        .insert(grantEntry)
        .values({ subscriptionId, leaseId: begun.id, months: 0, days: 0, grantedAt: now })
        .returning({ id: grantEntry.id });
      const details = { product, partner: partner.slug };
      await recordEvent(tx, { action: "lease.started", accountId, subject: begun.id, at: now, details });
      const letter = { product, partner: partner.name };
      await postMail(tx, { kind: "lease-started", accountId, recipient: owner.email, details: letter, at: now });
      return { grantId: grant!.id, subscriptionId };
    });
  } catch (error) {
    if (error instanceof Taken) return null;
    throw error;
  }
}
