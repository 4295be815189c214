import "server-only";
import { asc, count, eq } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { lease, partner, partnerBatch, partnerCode } from "@/lib/db/schema/partner";

export type PartnerBatchView = {
  /** The partner's slug. */
  partner: string;
  name: string;
  /** Null, like the rest: the partner has no codes yet. */
  batch: string | null;
  product: string | null;
  issued: number | null;
  redeemBy: string | null;
  createdAt: Date | null;
  redeemed: number;
};

/** All partners with the batches of their codes, the oldest first, and how many codes were redeemed. */
export async function listPartnerBatches(): Promise<PartnerBatchView[]> {
  const used = db()
    .select({ batchId: partnerCode.batchId, redeemed: count().as("redeemed") })
    .from(lease)
    .innerJoin(partnerCode, eq(partnerCode.id, lease.codeId))
    .groupBy(partnerCode.batchId)
    .as("used");
  const rows = await db()
    .select({
      partner: partner.slug,
      name: partner.name,
      batch: partnerBatch.id,
      product: partnerBatch.productCode,
      issued: partnerBatch.count,
      redeemBy: partnerBatch.redeemBy,
      createdAt: partnerBatch.createdAt,
      redeemed: used.redeemed,
    })
    .from(partner)
    .leftJoin(partnerBatch, eq(partnerBatch.partnerId, partner.id))
    .leftJoin(used, eq(used.batchId, partnerBatch.id))
    .orderBy(asc(partner.slug), asc(partnerBatch.createdAt));
  return rows.map(({ redeemed, ...row }) => ({ ...row, redeemed: redeemed ?? 0 }));
}
