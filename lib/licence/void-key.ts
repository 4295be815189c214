import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { grantAmendment, productKey } from "@/lib/db/schema/licence";
import { foldCoverage } from "@/lib/licence/coverage";
import { findGrantOfKey, findKey } from "@/lib/licence/find-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { lockLedger, projectEnd, readLedger } from "@/lib/licence/ledger";

export type Voiding = { status: "voided" | "voidedAndEnded" | "alreadyVoid" | "unknown" };

/**
 * Withdraws a key (lost, stolen, refunded). One that was redeemed gives no more days from now on: its grant is cut
 * off at `now`, days already used stay used, and what other keys gave moves earlier instead of being lost.
 */
export async function voidKey(
  { key, reason }: { key: string; reason: string },
  { now, lookupSecret }: { now: Date; lookupSecret: string },
): Promise<Voiding> {
  const lookup = lookupDigest(key, lookupSecret);
  return transaction(async (tx) => {
    const [voided] = await tx
      .update(productKey)
      .set({ voidedAt: now })
      .where(and(eq(productKey.lookup, lookup), isNull(productKey.voidedAt)))
      .returning({ id: productKey.id, ownerId: productKey.accountId });
    if (!voided) return { status: (await findKey(tx, lookup)) ? "alreadyVoid" : "unknown" };

    const written = { action: "key.voided" as const, actor: "operator" as const, at: now, details: { reason } };
    if (!voided.ownerId) {
      await recordEvent(tx, { ...written, subject: String(voided.id) });
      return { status: "voided" };
    }

    await lockLedger(tx, voided.ownerId);
    const grant = await findGrantOfKey(tx, voided.id);
    if (grant) {
      await tx
        .insert(grantAmendment)
        .values({ grantId: grant.grantId, kind: "truncate", at: now, reason, actor: "operator" });
      const ledger = (await readLedger(tx, { accountId: voided.ownerId })).find(
        ({ id }) => id === grant.subscriptionId,
      );
      await projectEnd(tx, grant.subscriptionId, (ledger && foldCoverage(ledger.grants).endsAt) ?? now);
    }
    await recordEvent(tx, { ...written, accountId: voided.ownerId, subject: grant?.grantId ?? String(voided.id) });
    return { status: "voidedAndEnded" };
  });
}
