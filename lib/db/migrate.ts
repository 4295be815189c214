import "server-only";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { products } from "@/lib/brand";
import { ConfigurationError } from "@/lib/configuration-error";
import { retrying } from "@/lib/db/client";
import { connectionTo, findPooler } from "@/lib/db/connection";

/** The first version that supports all SQL of the migrations. */
const oldestVersion = 15;

/** How long a start waits for another instance's migration, and a migration for other work. */
const LONGEST_WAIT = "5min";

/** A transaction's advisory lock, so one per database. */
const migrationLock = "7306102412";

/**
 * Brings the database at `url` up to date: applies the migrations it does not have yet, all or none, and stores the
 * products as `brand.ts` has them. Processes that start at once take turns.
 * @param folder Drizzle's migrations; the portal's own when not given.
 * @throws Error when the server is older than PostgreSQL 15
 * @throws ConfigurationError when the database cannot hold or compare every name and address, or cannot be written to
 */
export const migrate = (url: string, folder = join(process.cwd(), "lib/db/migrations")): Promise<void> =>
  // Another server that starts behind the same pooler may end this one's connection: see findPooler.
  retrying(async () => {
    await findPooler(url);
    await migrateOnce(url, folder);
  });

async function migrateOnce(url: string, folder: string): Promise<void> {
  const client = new Client({ ...connectionTo(url, { limits: false }), application_name: "portal migration" });
  // Without a listener a lost connection would end the process; the query that it interrupts rejects.
  client.on("error", () => {});
  await client.connect();
  try {
    await refuseOldServer(client);
    await refuseUnfitDatabase(client);
    // One transaction, so that it also works behind a transaction pooler. The migrator begins one too, of which
    // PostgreSQL warns in its log, and commits both.
    await client.query("BEGIN");
    await client.query("SET LOCAL statement_timeout = 0");
    await client.query(`SET LOCAL lock_timeout = '${LONGEST_WAIT}'`);
    await client.query("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
    await applyMigrations(drizzle(client), { migrationsFolder: folder });
    await storeProducts(client);
  } finally {
    await client.end();
  }
}

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number",
  );
  const { version, number } = rows[0]!;
  if (number >= oldestVersion * 10_000) return;
  throw new Error(`The portal needs PostgreSQL ${oldestVersion} or later; the database server is version ${version}.`);
}

/** What a connection cannot set for itself. */
async function refuseUnfitDatabase(client: Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string; folds: boolean; readOnly: boolean }>(
    `SELECT current_setting('server_encoding') AS encoding,
            current_setting('server_encoding') = 'UTF8' AND lower(U&'\\00C9') = U&'\\00E9' AS folds,
            current_setting('transaction_read_only') = 'on' AS "readOnly"`,
  );
  const { encoding, folds, readOnly } = rows[0]!;
  if (encoding !== "UTF8") throw unfit(`has the encoding ${encoding}; create it with the encoding UTF8`);
  if (!folds) throw unfit("does not know that É and é are one letter; create it with a UTF-8 locale such as C.UTF-8");
  if (readOnly) throw unfit("is read-only; the portal must write to it");
}

const unfit = (problem: string) => new ConfigurationError([`DATABASE_URL names a database that ${problem}`]);

async function storeProducts(client: Client): Promise<void> {
  const entries = Object.entries(products);
  await client.query(
    `INSERT INTO product (code, seats) SELECT * FROM unnest($1::text[], $2::int[])
     ON CONFLICT (code) DO UPDATE SET seats = excluded.seats WHERE product.seats <> excluded.seats`,
    [entries.map(([code]) => code), entries.map(([, { seats }]) => seats)],
  );
}
