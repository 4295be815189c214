import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { closeDatabase, db, openDatabase } from "@/lib/db/client";
import { cloneTemplate, type TestDatabase } from "@/lib/testing/cluster";

/** Creates a migrated database on the server that the global setup has started. */
export function createTestDatabase(): Promise<TestDatabase> {
  return cloneTemplate(inject("testServer"));
}

/**
 * Gives a test file a migrated database of its own. `db()` uses it from the first test on, and it is dropped after the
 * last one. Call it at the top of the file, before any other hook.
 * @returns the database's URL, which is known once the tests run
 */
export function withTestDatabase(): { readonly url: string } {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    openDatabase(database.url);
  });
  afterAll(async () => {
    await closeDatabase();
    await database?.drop();
  });
  return {
    get url() {
      if (!database) throw new Error("The test database is not there before the tests run.");
      return database.url;
    },
  };
}

/**
 * Waits until connections to the open database are blocked by another connection's lock.
 * @param count the number of connections to wait for
 * @throws Error after five seconds
 */
export async function untilSomeoneWaits(count = 1): Promise<void> {
  const waiting = sql`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect
    .poll(async () => (await db().execute(waiting)).rows.length, {
      message: `${count} connections wait for a lock`,
      timeout: 5_000,
      interval: 10,
    })
    .toBeGreaterThanOrEqual(count);
}
