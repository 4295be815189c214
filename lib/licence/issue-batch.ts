import "server-only";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { commit } from "@/lib/db/commit";
import { recordEvent, type NewEvent } from "@/lib/db/events";
import { lookupDigest } from "@/lib/licence/key-vault";

/** Where issued keys go. Each call is awaited before the next; the batch is committed only after `end` has resolved. */
export type KeySink = {
  begin(batchId: string): Promise<void>;
  /** @param key canonical: 25 symbols, or the 15 of a partner code */
  write(key: string): Promise<void> | void;
  /** Resolves when every key has been written durably. */
  end(): Promise<void>;
};

export type Means = { client: Client; now: Date; randomBytes: (n: number) => Uint8Array; lookupSecret: string };

/** What is issued: product keys or partner codes. */
type Batch = {
  count: number;
  /** Stores the batch. @returns its id */
  open: (tx: NodePgDatabase) => Promise<string>;
  /** Where the digests go. */
  table: "product_key" | "partner_code";
  /** Makes one. */
  make: (randomBytes: (n: number) => Uint8Array) => string;
  event: (batchId: string) => NewEvent;
};

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
export async function issueBatch(batch: Batch, sink: KeySink, means: Means): Promise<string> {
  const { client } = means;
  const tx = drizzle(client);
  await client.query("BEGIN");
  // Whoever reads the keys may be slow.
  await client.query("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
  try {
    const batchId = await batch.open(tx);
    await sink.begin(batchId);
    await storeKeys(batchId, batch, sink, means);
    await recordEvent(tx, batch.event(batchId));
    await sink.end();
    await commit(client);
    return batchId;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function storeKeys(
  batchId: string,
  { count, table, make }: Batch,
  sink: KeySink,
  { client, randomBytes, lookupSecret }: Means,
): Promise<void> {
  const random = drawAhead(randomBytes);
  const copy = client.query(copyFrom(`COPY ${table} (lookup, batch_id) FROM STDIN`));
  const copied = finished(copy);
  copied.catch(() => {});
  try {
    for (let made = 0; made < count;) {
      let rows = "";
      for (const end = Math.min(made + CHUNK, count); made < end; made++) {
        const key = make(random);
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
