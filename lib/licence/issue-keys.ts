import "server-only";
import type { ProductCode } from "@/lib/brand";
import { keyBatch } from "@/lib/db/schema/licence";
import { issueBatch, type KeySink, type Means } from "@/lib/licence/issue-batch";
import { issueProductKey } from "@/lib/licence/product-key";

export type KeyOrder = {
  product: ProductCode;
  /** Calendar months one key gives; 1 to 60. */
  months: number;
  count: number;
  channel: string;
  /** ISO 3166-1 alpha-2 codes; null: everywhere. */
  regions: string[] | null;
  /** Last day to redeem, YYYY-MM-DD, inclusive; null: none. */
  redeemBy: string | null;
  /** False: each card waits until a till releases it. */
  released: boolean;
  note: string | null;
};

/** Issues a batch of product keys: see {@link issueBatch}. @returns the batch's id */
export async function issueKeys(order: KeyOrder, sink: KeySink, means: Means): Promise<string> {
  const { now } = means;
  const { product, released, ...described } = order;
  const { months, count, channel } = described;
  return issueBatch(
    {
      count,
      table: "product_key",
      make: issueProductKey,
      open: async (tx) => {
        const values = { ...described, productCode: product, releasedAt: released ? now : null, createdAt: now };
        const [batch] = await tx.insert(keyBatch).values(values).returning({ id: keyBatch.id });
        return batch!.id;
      },
      event: (batchId) => ({
        ...{ action: "batch.issued", actor: "operator", subject: batchId, at: now },
        details: { product, months, count, channel },
      }),
    },
    sink,
    means,
  );
}
