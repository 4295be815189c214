import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Client } from "pg";
import { db } from "@/lib/db/client";

/** A COMMIT failed. `rolledBack`: nothing was stored. `unknown`: it may have been stored, the database did not say. */
export class CommitFailed extends Error {
  constructor(
    readonly fate: "rolledBack" | "unknown",
    cause: unknown,
  ) {
    super(`COMMIT failed: ${(cause as Error).message}`, { cause });
    this.name = "CommitFailed";
  }
}

/** Attempts to ask the database, half a second apart. Together they last longer than a restart of the database. */
const TRIES = 20;

/**
 * Commits the open transaction of `client`. If the connection is lost during COMMIT, it asks the database through the
 * pool whether the transaction was committed.
 * @throws CommitFailed
 */
export async function commit(client: Client): Promise<void> {
  const { rows } = await client.query<{ id: string }>("SELECT pg_current_xact_id()::text AS id");
  try {
    await client.query("COMMIT");
  } catch (cause) {
    const fate = await fateOf(rows[0]!.id);
    if (fate !== "committed") throw new CommitFailed(fate, cause);
  }
}

async function fateOf(transactionId: string): Promise<"committed" | "rolledBack" | "unknown"> {
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried > 0) await pause(500);
    const status = await db()
      .execute<{ status: string | null }>(sql`SELECT pg_xact_status(${transactionId}::xid8) AS status`)
      .then(({ rows }) => rows[0]?.status)
      .catch(() => undefined);
    if (status === "committed") return "committed";
    if (status === "aborted") return "rolledBack";
  }
  return "unknown";
}
