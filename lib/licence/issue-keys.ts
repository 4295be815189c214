import "server-only";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { ProductCode } from "@/lib/brand";
import { recordEvent } from "@/lib/db/events";
import * as schema from "@/lib/db/schema";
import { lookupDigest } from "@/lib/licence/key-vault";
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
  /** False: each card waits to be activated at the till. */
  active: boolean;
  note: string | null;
};

/** Where issued keys go. The batch is committed only after `end` has resolved. */
export type KeySink = {
  begin(batchId: string): Promise<void>;
  /** @param key canonical, 25 symbols */
  write(key: string): Promise<void> | void;
  end(): Promise<void>;
};

/** Keys buffered before they go down the COPY stream. */
const CHUNK = 2_000;

/**
 * Issues a batch: makes the keys, stores their digests by COPY and hands the keys to `sink`, all in one transaction
 * on `client`. If the sink fails, no key of the batch exists.
 * @param client a connected client of its own, without statement timeout
 * @returns the batch's id
 */
export async function issueKeys(
  order: KeyOrder,
  sink: KeySink,
  {
    client,
    now,
    randomBytes,
    lookupSecret,
  }: { client: Client; now: Date; randomBytes: (n: number) => Uint8Array; lookupSecret: string },
): Promise<string> {
  const { product, active, ...described } = order;
  const tx = drizzle(client, { schema });
  await client.query("BEGIN");
  try {
    const [batch] = await tx
      .insert(schema.keyBatch)
      .values({ ...described, productCode: product, activatedAt: active ? now : null, createdAt: now })
      .returning({ id: schema.keyBatch.id });
    if (!batch) throw new Error("an insert returns its row");
    await sink.begin(batch.id);

    const copy = client.query(copyFrom("COPY product_key (lookup, batch_id) FROM STDIN"));
    const copied = finished(copy);
    copied.catch(() => {});
    for (let made = 0; made < order.count;) {
      let lines = "";
      for (const end = Math.min(made + CHUNK, order.count); made < end; made++) {
        const key = issueProductKey(randomBytes);
        lines += `\\\\x${lookupDigest(key, lookupSecret).toString("hex")}\t${batch.id}\n`;
        await sink.write(key);
      }
      if (!copy.write(lines)) await Promise.race([once(copy, "drain"), copied]);
    }
    copy.end();
    await copied;

    await recordEvent(tx, {
      action: "batch.issued",
      actor: "operator",
      subject: batch.id,
      at: now,
      details: { product, months: order.months, count: order.count, channel: order.channel },
    });
    await sink.end();
    await client.query("COMMIT");
    return batch.id;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
