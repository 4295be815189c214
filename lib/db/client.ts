import "server-only";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool, type PoolClient } from "pg";
import { keepParametersOutOfErrors, withoutRow } from "@/lib/db/failed-statement";
import { connectionTo, isPooled } from "@/lib/db/connection";
import { causes } from "@/lib/db/unavailable";
import { log } from "@/lib/log";

export type Database = NodePgDatabase;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

// Next.js evaluates a module once per bundle (proxy, pages, routes), so the only pool is kept on `globalThis`.
type Open = {
  pool: Pool;
  db: Database;
  /** The database on one connection. Made here, because only this bundle's errors are kept free of parameters. */
  on: (client: PoolClient) => NodePgDatabase;
  pooled: boolean;
  beforeClose: (() => Promise<unknown>)[];
};
const shared = globalThis as { portalDatabase?: Open };

/** Opens the process's connection pool. Nothing connects before the first query. */
export function openDatabase(url: string): void {
  keepParametersOutOfErrors();
  const pool = new Pool({
    ...connectionTo(url, { limits: true }),
    max: 20,
    connectionTimeoutMillis: 3_000,
    // A connection may lead to a server that has become a standby. It ends by itself.
    maxLifetimeSeconds: 60,
    application_name: "portal",
  });
  // Without listeners a database restart would end the process, on idle and on checked-out connections alike.
  pool.on("error", (error) => {
    // Connections of a closed pool may see the database stop behind them.
    if (shared.portalDatabase?.pool === pool) log().warn({ err: error }, "an idle database connection was lost");
  });
  pool.on("connect", (client) => client.on("error", () => {}));
  const on = (client: PoolClient) => drizzle(client);
  shared.portalDatabase = { pool, db: drizzle(pool), on, pooled: isPooled(url), beforeClose: [] };
}

/** Closes the pool. It first runs the steps given to {@link beforeClose}, and running queries finish. */
export async function closeDatabase(): Promise<void> {
  const open = shared.portalDatabase;
  for (const step of open?.beforeClose ?? []) await step();
  delete shared.portalDatabase;
  await open?.pool.end();
}

/** Registers a step that runs before the pool is closed. */
export const beforeClose = (step: () => Promise<unknown>): void => void shared.portalDatabase?.beforeClose.push(step);

/** Connections of the pool that are in use, and queries that wait for one. */
export function poolLoad(): { inUse: number; waiting: number } {
  const pool = shared.portalDatabase?.pool;
  return { inUse: pool ? pool.totalCount - pool.idleCount : 0, waiting: pool?.waitingCount ?? 0 };
}

export const db = (): Database => opened().db;

/**
 * Runs a prepared statement, which PostgreSQL parses once per connection. Only redemption and My Subscription use it,
 * where it saves the most time. Behind a transaction pooler nothing is prepared, because the next statement may meet
 * another connection.
 * @param name of the prepared statement; a name must always have the same text
 * @param tx the transaction to run it in; without it, it runs on a connection of the pool
 */
export async function runPrepared<Row extends object>(
  name: string,
  text: string,
  values: unknown[],
  tx?: Transaction,
): Promise<Row[]> {
  // Drizzle has no public way to a transaction's connection, and its own prepared statements parse no timestamps.
  const on = tx
    ? ((tx as unknown as { session: { client: PoolClient } }).session.client as Pick<Pool, "query">)
    : opened().pool;
  try {
    return (await on.query<Row>({ text, values, ...(!opened().pooled && { name }) })).rows;
  } catch (error) {
    throw withoutRow(error);
  }
}

function opened(): Open {
  if (!shared.portalDatabase) throw new Error("openDatabase() was not called");
  return shared.portalDatabase;
}

/**
 * Runs `work` in one READ COMMITTED transaction; any throw rolls back. {@link retrying} may repeat it, so `work` must
 * return its first result again when repeated.
 */
export const transaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  retrying(async () => {
    // A pool's own drizzle never returns a connection that is lost at BEGIN. Twenty of them would be all there are.
    const { pool, on } = opened();
    const client = await pool.connect();
    try {
      return await on(client).transaction(work);
    } finally {
      client.release();
    }
  });

/**
 * Repeats `work` up to three times, with jitter, after a deadlock, a serialisation failure or a lost connection, also one
 * lost at COMMIT.
 */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 3 || !isWorthRepeating(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

/** A lost connection is `not queryable`, says the ROLLBACK that fails on it and hides the first error. */
function isWorthRepeating(error: unknown): boolean {
  return causes(error).some(
    ({ code, message }) =>
      ["40001", "40P01"].includes(code) ||
      /^(08|57P0)/.test(code) ||
      /Connection terminated|ECONNRESET|not queryable/.test(message),
  );
}
