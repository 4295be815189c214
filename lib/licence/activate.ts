import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { lookupDigest } from "@/lib/licence/key-vault";

export type Activation = { status: "activated" | "alreadyActive" | "unknown" };

/** Activates one card, as a till does when it is paid. */
export async function activateKey(
  { key }: { key: string },
  { now, lookupSecret }: { now: Date; lookupSecret: string },
): Promise<Activation> {
  const lookup = lookupDigest(key, lookupSecret);
  return transaction(async (tx) => {
    const [found] = await tx
      .select({ id: productKey.id, activatedAt: productKey.activatedAt, batchActivatedAt: keyBatch.activatedAt })
      .from(productKey)
      .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
      .where(eq(productKey.lookup, lookup));
    if (!found) return { status: "unknown" };
    if (found.activatedAt ?? found.batchActivatedAt) return { status: "alreadyActive" };
    const { rowCount } = await tx
      .update(productKey)
      .set({ activatedAt: now })
      .where(and(eq(productKey.id, found.id), isNull(productKey.activatedAt)));
    if (rowCount === 0) return { status: "alreadyActive" };
    await recordEvent(tx, { action: "key.activated", actor: "operator", subject: String(found.id), at: now });
    return { status: "activated" };
  });
}

/** Activates every key of a batch at once. */
export async function activateBatch({ batchId }: { batchId: string }, { now }: { now: Date }): Promise<Activation> {
  return transaction(async (tx) => {
    const { rowCount } = await tx
      .update(keyBatch)
      .set({ activatedAt: now })
      .where(and(eq(keyBatch.id, batchId), isNull(keyBatch.activatedAt)));
    if (rowCount === 1) {
      await recordEvent(tx, { action: "batch.activated", actor: "operator", subject: batchId, at: now });
      return { status: "activated" };
    }
    const [known] = await tx.select({ id: keyBatch.id }).from(keyBatch).where(eq(keyBatch.id, batchId));
    return { status: known ? "alreadyActive" : "unknown" };
  });
}
