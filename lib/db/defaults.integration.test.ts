import { sql } from "drizzle-orm";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { closeDatabase, db, openDatabase } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { account } from "@/lib/db/schema/account";
import { isReady } from "@/lib/ready";
import type { TestDatabase } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

/** Runs statements as an administrator, one after the other. */
async function administer(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const { adminUrl } = inject("testServer");

describe("whatever the database has as defaults", () => {
  let database: TestDatabase;
  let name: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    name = new URL(database.url).pathname.slice(1);
  });
  afterEach(async () => {
    await closeDatabase();
    await database.drop();
  });

  test("dates are read as they were written", async () => {
    await administer(adminUrl, `ALTER DATABASE ${name} SET datestyle = 'SQL, DMY'`);
    openDatabase(database.url);
    const emailVerifiedAt = new Date("2026-06-05T10:00:00Z");
    await makeAccount({ email: "camille@example.org", name: "Camille", emailVerifiedAt });
    const [row] = await db().select().from(account);
    expect(row!.emailVerifiedAt).toEqual(emailVerifiedAt);
  });

  test("transactions that meet wait for each other, and none fails for it", async () => {
    await administer(adminUrl, `ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    openDatabase(database.url);
    const { rows } = await db().execute(sql`SELECT current_setting('transaction_isolation') AS level`);
    expect(rows).toEqual([{ level: "read committed" }]);
  });

  test("a database that takes no writes is not ready, and no start uses it", async () => {
    openDatabase(database.url);
    expect(await isReady()).toBe(true);
    await closeDatabase();
    await administer(adminUrl, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    openDatabase(database.url);
    await expect.poll(isReady, { timeout: 3_000 }).toBe(false);
    await expect(migrate(database.url)).rejects.toThrow("read-only");
  });
});

test.each([
  ["LATIN1", "ENCODING 'LATIN1' LOCALE 'C'", "encoding LATIN1"],
  ["a locale without letters beyond ASCII", "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'", "É and é"],
])("a database with %s is refused at start", async (_, made, problem) => {
  const name = `unfit_${Math.random().toString(36).slice(2)}`;
  await administer(adminUrl, `CREATE DATABASE ${name} TEMPLATE template0 ${made}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  try {
    await expect(migrate(url.href)).rejects.toThrow(problem);
  } finally {
    await administer(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
});
