import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { grantAmendment, grantEntry, productKey } from "@/lib/db/schema/licence";
import { lookupDigest } from "@/lib/licence/key-vault";
import { lockLedger, projectEnd } from "@/lib/licence/ledger";

export type Voiding = { status: "voided" | "voidedAndEnded" | "alreadyVoid" | "unknown" };

/**
 * Withdraws a lost, stolen or refunded key. The grant of a redeemed key ends at `now`, and days already used stay used.
 * Grants of other keys that follow start earlier and lose no days.
 */
export async function voidKey(
  { key, reason }: { key: string; reason: string },
  { now, lookupSecret }: { now: Date; lookupSecret: string },
): Promise<Voiding> {
  const lookup = lookupDigest(key, lookupSecret);
  return transaction(async (tx) => {
    for (;;) {
      const seen = await findOwner(tx, lookup);
      if (!seen) return { status: "unknown" };
      if (seen.voidedAt) return { status: "alreadyVoid" };
      // The account is locked before the key, as a redemption does it.
      if (seen.ownerId) await lockLedger(tx, seen.ownerId);
      const { rowCount } = await tx
        .update(productKey)
        .set({ voidedAt: now })
        .where(
          and(
            eq(productKey.id, seen.id),
            isNull(productKey.voidedAt),
            seen.ownerId ? eq(productKey.accountId, seen.ownerId) : isNull(productKey.accountId),
          ),
        );
      // Redeemed or voided since it was read. A key never loses its owner again, so this loop ends.
      if (rowCount === 0) continue;

      const event = { action: "key.voided" as const, actor: "operator" as const, at: now, details: { reason } };
      if (!seen.ownerId) {
        await recordEvent(tx, { ...event, subject: String(seen.id) });
        return { status: "voided" };
      }
      const grantId = await endGrant(tx, { keyId: seen.id, accountId: seen.ownerId, reason }, now);
      await recordEvent(tx, { ...event, accountId: seen.ownerId, subject: grantId ?? String(seen.id) });
      return { status: "voidedAndEnded" };
    }
  });
}

async function findOwner(tx: Transaction, lookup: Buffer) {
  const [found] = await tx
    .select({ id: productKey.id, ownerId: productKey.accountId, voidedAt: productKey.voidedAt })
    .from(productKey)
    .where(eq(productKey.lookup, lookup));
  return found ?? null;
}

/** Cuts off the live grant of a key, if it has one. @returns the grant's id */
async function endGrant(
  tx: Transaction,
  { keyId, accountId, reason }: { keyId: number; accountId: string; reason: string },
  now: Date,
): Promise<string | null> {
  const [grant] = await tx
    .select({ id: grantEntry.id, subscriptionId: grantEntry.subscriptionId })
    .from(grantEntry)
    .where(and(eq(grantEntry.keyId, keyId), isNull(grantEntry.undoneAt)));
  if (!grant) return null;
  await tx.insert(grantAmendment).values({ grantId: grant.id, kind: "truncate", at: now, reason, actor: "operator" });
  await projectEnd(tx, { accountId, subscriptionId: grant.subscriptionId }, now);
  return grant.id;
}
