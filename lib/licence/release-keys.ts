import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { lookupDigest } from "@/lib/licence/key-vault";

/** `unknown`: there is no such key or batch. */
export type Release = { status: "released" | "alreadyReleased" | "unknown" };

/** Releases one card for redemption, as a till does when it is paid. A second release changes nothing. */
export async function releaseKey(
  { key }: { key: string },
  { now, lookupSecret }: { now: Date; lookupSecret: string },
): Promise<Release> {
  const lookup = lookupDigest(key, lookupSecret);
  return transaction(async (tx) => {
    const [found] = await tx
      .select({ id: productKey.id, releasedAt: productKey.releasedAt, batchReleasedAt: keyBatch.releasedAt })
      .from(productKey)
      .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
      .where(eq(productKey.lookup, lookup));
    if (!found) return { status: "unknown" };
    if (found.releasedAt ?? found.batchReleasedAt) return { status: "alreadyReleased" };
    const { rowCount } = await tx
      .update(productKey)
      .set({ releasedAt: now })
      .where(and(eq(productKey.id, found.id), isNull(productKey.releasedAt)));
    if (rowCount === 0) return { status: "alreadyReleased" };
    await recordEvent(tx, { action: "key.released", actor: "operator", subject: String(found.id), at: now });
    return { status: "released" };
  });
}

/** Releases every key of a batch at once. A second release changes nothing. */
export async function releaseBatch({ batchId }: { batchId: string }, { now }: { now: Date }): Promise<Release> {
  return transaction(async (tx) => {
    const { rowCount } = await tx
      .update(keyBatch)
      .set({ releasedAt: now })
      .where(and(eq(keyBatch.id, batchId), isNull(keyBatch.releasedAt)));
    if (rowCount === 1) {
      await recordEvent(tx, { action: "batch.released", actor: "operator", subject: batchId, at: now });
      return { status: "released" };
    }
    const [known] = await tx.select({ id: keyBatch.id }).from(keyBatch).where(eq(keyBatch.id, batchId));
    return { status: known ? "alreadyReleased" : "unknown" };
  });
}
