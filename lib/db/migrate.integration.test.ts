import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { products } from "@/lib/brand";
import { migrate } from "@/lib/db/migrate";
import type { TestDatabase } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";

let database: TestDatabase;
let client: Client;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client(database.url);
  await client.connect();
  await client.query("DROP SCHEMA public, drizzle CASCADE; CREATE SCHEMA public");
  folder = await mkdtemp(join(tmpdir(), "portal-migrations-"));
});

afterEach(async () => {
  await client.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

test("processes that start at once migrate an empty database once", async () => {
  await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));
  const { rows } = await client.query("SELECT hash FROM drizzle.__drizzle_migrations");
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(0);
});

test("a failed migration rolls back those applied before it in the same start", async () => {
  await writeMigrations("CREATE TABLE first (a int)", "CREATE TABLE second (a int); SELECT 1/0");
  await expect(migrate(database.url, folder)).rejects.toThrow();
  const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  expect(rows).toEqual([]);
});

test("a start stores the products of the release and keeps those no longer sold", async () => {
  await writeMigrations("CREATE TABLE product (code text PRIMARY KEY, seats int NOT NULL)");
  await migrate(database.url, folder);
  await client.query("UPDATE product SET seats = 99; INSERT INTO product VALUES ('discontinued', 3)");
  await migrate(database.url, folder);
  const { rows } = await client.query<{ code: string; seats: number }>("SELECT code, seats FROM product");
  const expected = Object.entries(products).map(([code, { seats }]) => ({ code, seats }));
  expect(rows).toHaveLength(expected.length + 1);
  expect(rows).toEqual(expect.arrayContaining([...expected, { code: "discontinued", seats: 3 }]));
});

test("emails that waited for the job queue are due in the outbox, and the queue's schema is gone", async () => {
  await copyMigrations(6);
  await migrate(database.url, folder);
  await client.query(`
    CREATE SCHEMA pgboss;
    CREATE TABLE pgboss.job (id uuid);
    WITH a AS (
      INSERT INTO account (email, name, password_hash, country, locale, time_zone)
      VALUES ('camille@example.org', 'Camille', 'none', 'FR', 'en', 'Europe/Paris') RETURNING id)
    INSERT INTO mail (id, account_id, kind, recipient, created_at, tries, outcome, ended_at)
    SELECT gen_random_uuid(), a.id, mail.kind, 'camille@example.org', now(), 60, mail.outcome, mail.ended_at
      FROM a, (VALUES ('password-changed', NULL, NULL::timestamptz), ('new-sign-in', 'sent', now()))
        AS mail (kind, outcome, ended_at)`);
  await migrate(database.url);
  const { rows } = await client.query("SELECT kind, tries, next_try_at <= now() AS due FROM mail ORDER BY kind DESC");
  expect(rows).toEqual([
    { kind: "password-changed", tries: 0, due: true },
    { kind: "new-sign-in", tries: 60, due: null },
  ]);
  const { rows: schemas } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'pgboss'");
  expect(schemas).toEqual([]);
});

/** Copies the first of the portal's own migrations. */
async function copyMigrations(count: number): Promise<void> {
  await cp("lib/db/migrations", folder, { recursive: true });
  const journal = join(folder, "meta", "_journal.json");
  const { entries, ...rest } = JSON.parse(await readFile(journal, "utf8")) as { entries: unknown[] };
  await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
}

/** Writes migrations as Drizzle's generator does. */
async function writeMigrations(...statements: string[]): Promise<void> {
  const entries = statements.map((_, idx) => ({
    idx,
    version: "7",
    when: idx + 1,
    tag: `000${idx}`,
    breakpoints: true,
  }));
  await mkdir(join(folder, "meta"));
  await writeFile(
    join(folder, "meta", "_journal.json"),
    JSON.stringify({ version: "7", dialect: "postgresql", entries }),
  );
  await Promise.all(statements.map((statement, idx) => writeFile(join(folder, `000${idx}.sql`), statement)));
}
