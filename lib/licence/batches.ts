import "server-only";
import { count, desc, eq } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { keyBatch, productKey } from "@/lib/db/schema/licence";

export type BatchView = {
  id: string;
  product: string;
  months: number;
  channel: string;
  regions: string[] | null;
  redeemBy: string | null;
  releasedAt: Date | null;
  createdAt: Date;
  note: string | null;
  issued: number;
  redeemed: number;
  voided: number;
};

/** All batches, newest first, with how many of their keys were redeemed or withdrawn. */
export async function listBatches(): Promise<BatchView[]> {
  const redeemed = db()
    .select({
      batchId: productKey.batchId,
      redeemed: count(productKey.redeemedAt).as("redeemed"),
      voided: count(productKey.voidedAt).as("voided"),
    })
    .from(productKey)
    .groupBy(productKey.batchId)
    .as("used");
  return db()
    .select({
      id: keyBatch.id,
      product: keyBatch.productCode,
      months: keyBatch.months,
      channel: keyBatch.channel,
      regions: keyBatch.regions,
      redeemBy: keyBatch.redeemBy,
      releasedAt: keyBatch.releasedAt,
      createdAt: keyBatch.createdAt,
      note: keyBatch.note,
      issued: keyBatch.count,
      redeemed: redeemed.redeemed,
      voided: redeemed.voided,
    })
    .from(keyBatch)
    .innerJoin(redeemed, eq(redeemed.batchId, keyBatch.id))
    .orderBy(desc(keyBatch.createdAt));
}
