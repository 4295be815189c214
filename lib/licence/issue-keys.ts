import "server-only";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { ProductCode } from "@/lib/brand";
import { commit } from "@/lib/db/commit";
import { recordEvent } from "@/lib/db/events";
import { keyBatch } from "@/lib/db/schema/licence";
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
  /** False: each card waits until a till releases it. */
  released: boolean;
  note: string | null;
};

/** Where issued keys go. Each call is awaited before the next; the batch is committed only after `end` has resolved. */
export type KeySink = {
  begin(batchId: string): Promise<void>;
  /** @param key canonical, 25 symbols */
  write(key: string): Promise<void> | void;
  /** Resolves when every key has been written durably. */
  end(): Promise<void>;
};

type Means = { client: Client; now: Date; randomBytes: (n: number) => Uint8Array; lookupSecret: string };

/** Keys buffered before they go down the COPY stream. */
const CHUNK = 2_000;

/** Random bytes drawn at a time: many small draws cost more than the keys. */
const DRAW = 65_536;

/**
 * Issues a batch: makes the keys, stores their digests by COPY and hands the keys to `sink`, all in one transaction
 * on `client`. If the sink or the database fails, no key of the batch exists.
 * @param means.client a connected client of its own
 * @param means.randomBytes a cryptographic source of n bytes
 * @returns the batch's id
 * @throws CommitFailed when the database failed after the sink had ended
 */
export async function issueKeys(order: KeyOrder, sink: KeySink, means: Means): Promise<string> {
  const { client, now } = means;
  const { product, released, ...described } = order;
  const tx = drizzle(client);
  await client.query("BEGIN");
  // Whoever reads the keys may be slow.
  await client.query("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
  try {
    const [batch] = await tx
      .insert(keyBatch)
      .values({ ...described, productCode: product, releasedAt: released ? now : null, createdAt: now })
      .returning({ id: keyBatch.id });
    if (!batch) throw new Error("an insert returns its row");
    await sink.begin(batch.id);
    await storeKeys(batch.id, order.count, sink, means);
    await recordEvent(tx, {
      action: "batch.issued",
      actor: "operator",
      subject: batch.id,
      at: now,
      details: { product, months: order.months, count: order.count, channel: order.channel },
    });
    await sink.end();
    await commit(client);
    return batch.id;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function storeKeys(
  batchId: string,
  count: number,
  sink: KeySink,
  { client, randomBytes, lookupSecret }: Means,
): Promise<void> {
  const random = drawAhead(randomBytes);
  const copy = client.query(copyFrom("COPY product_key (lookup, batch_id) FROM STDIN"));
  const copied = finished(copy);
  copied.catch(() => {});
  try {
    for (let made = 0; made < count;) {
      let rows = "";
      for (const end = Math.min(made + CHUNK, count); made < end; made++) {
        const key = issueProductKey(random);
        rows += `\\\\x${lookupDigest(key, lookupSecret).toString("hex")}\t${batchId}\n`;
        const written = sink.write(key);
        if (written) await written;
      }
      if (!copy.write(rows)) await Promise.race([once(copy, "drain"), copied]);
    }
    copy.end();
    await copied;
  } catch (error) {
    // The connection accepts no ROLLBACK until the COPY has ended, even after a failure.
    copy.destroy(error as Error);
    await copied.catch(() => {});
    throw error;
  }
}

function drawAhead(randomBytes: (n: number) => Uint8Array): (n: number) => Uint8Array {
  let drawn: Uint8Array = new Uint8Array();
  return (n) => {
    if (drawn.length < n) drawn = randomBytes(DRAW);
    const taken = drawn.subarray(0, n);
    drawn = drawn.subarray(n);
    return taken;
  };
}
