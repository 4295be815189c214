import "server-only";
import type { ProductCode } from "@/lib/brand";
import { partnerBatch } from "@/lib/db/schema/partner";
import { issueBatch, type KeySink, type Means } from "@/lib/licence/issue-batch";
import type { Partner } from "@/lib/licence/partners/partners";
import { issuePartnerCode } from "@/lib/licence/product-key";

export type CodeOrder = {
  partner: Partner;
  product: ProductCode;
  count: number;
  /** Last day to redeem, YYYY-MM-DD, inclusive; null: none. */
  redeemBy: string | null;
};

/** Issues codes to a partner: see {@link issueBatch}. @returns the batch's id */
export async function issueCodes(
  { partner, product, count, redeemBy }: CodeOrder,
  sink: KeySink,
  means: Means,
): Promise<string> {
  const { now } = means;
  return issueBatch(
    {
      count,
      table: "partner_code",
      make: issuePartnerCode,
      open: async (tx) => {
        const values = { partnerId: partner.id, productCode: product, count, redeemBy, createdAt: now };
        const [batch] = await tx.insert(partnerBatch).values(values).returning({ id: partnerBatch.id });
        return batch!.id;
      },
      event: (batchId) => ({
        ...{ action: "partner.codes-issued", actor: "operator", subject: batchId, at: now },
        details: { product, count, partner: partner.slug },
      }),
    },
    sink,
    means,
  );
}
