import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { Pool, type Client, type PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { digestOf, type Arrival, type Attempt, type Person } from "./product";
import { CLIENTS } from "./rounds";

/* The fewest statements the database needs for each operation. Each is prepared once per connection. */

/** Reads all rows of a preview in one statement. */
const previewed = `
  SELECT k.*, b.*, p.seats, a.country, a.time_zone, s.*, g.*, m.kind, m.at
    FROM product_key k
    JOIN key_batch b ON b.id = k.batch_id
    JOIN product p ON p.code = b.product_code
    JOIN account a ON a.id = $2
    LEFT JOIN subscription s ON s.account_id = a.id
    LEFT JOIN grant_entry g ON g.subscription_id = s.id
    LEFT JOIN grant_amendment m ON m.grant_id = g.id
   WHERE k.lookup = $1`;

const opened = `INSERT INTO subscription (account_id, product_code, ends_at) SELECT $2, 'norton-360-deluxe', $7 FROM k`;
const extended = `UPDATE subscription SET ends_at = $7 FROM k WHERE account_id = $2`;

/** Writes everything a redemption needs in one statement. */
const redemption = (subscription: string) => `
  WITH k AS (
         UPDATE product_key SET state = 'redeemed', account_id = $2, redeemed_at = $3, sealed = $4, hint = $5
          WHERE lookup = $1 AND state = 'issued' RETURNING id),
       s AS (${subscription} RETURNING subscription.id),
       g AS (
         INSERT INTO grant_entry (subscription_id, key_id, months, days, granted_at)
         SELECT s.id, k.id, 12, 0, $3 FROM k, s RETURNING id),
       e AS (
         INSERT INTO event (account_id, actor, action, subject, at, details)
         SELECT $2, 'account', 'key.redeemed', g.id, $3, $6 FROM g RETURNING id),
       m AS (
         INSERT INTO mail (account_id, kind, recipient, details, created_at)
         SELECT $2, 'key-redeemed', $8, $6, $3 FROM g RETURNING id)
  SELECT g.id FROM g, e, m`;

/** Writes everything that keeping a key needs in one statement. */
const keeping = `
  WITH k AS (
         UPDATE product_key SET state = 'kept', account_id = $2, kept_at = $3, sealed = $4, hint = $5,
                kept_id = gen_random_uuid()
          WHERE lookup = $1 AND state = 'issued' RETURNING kept_id),
       e AS (
         INSERT INTO event (account_id, actor, action, subject, at, details)
         SELECT $2, 'account', 'key.kept', k.kept_id, $3, $6 FROM k RETURNING id),
       m AS (
         INSERT INTO mail (account_id, kind, recipient, details, created_at)
         SELECT $2, 'key-kept', $7, $6, $3 FROM k RETURNING id)
  SELECT k.kept_id FROM k, e, m`;

/** Writes everything that taking an activation back needs in one statement. */
const undoing = `
  WITH g AS (
         UPDATE grant_entry SET undone_at = $3 WHERE id = $1 AND undone_at IS NULL RETURNING key_id, subscription_id),
       k AS (
         UPDATE product_key SET state = 'kept', redeemed_at = NULL, kept_at = $3, kept_id = gen_random_uuid()
           FROM g WHERE product_key.id = g.key_id RETURNING product_key.id),
       s AS (UPDATE subscription SET ends_at = $3 FROM g WHERE subscription.id = g.subscription_id),
       e AS (
         INSERT INTO event (account_id, actor, action, subject, at)
         SELECT $2, 'account', 'key.undone', $4, $3 FROM k RETURNING id)
  SELECT k.id FROM k, e`;

/** Writes everything that a lease needs in one statement. */
const leasing = `
  WITH a AS (UPDATE account SET ledger_version = ledger_version + 1 WHERE id = $2 RETURNING id),
       s AS (
         INSERT INTO subscription (account_id, product_code, ends_at)
         SELECT a.id, 'norton-360-deluxe', '9999-12-31T23:59:59.999Z' FROM a RETURNING id),
       l AS (
         INSERT INTO lease (code_id, account_id, subscription_id, started_at, changed_at)
         SELECT c.id, $2, s.id, $3, $3 FROM s, partner_code c WHERE c.lookup = $1 RETURNING id, subscription_id),
       g AS (
         INSERT INTO grant_entry (subscription_id, lease_id, months, days, granted_at)
         SELECT subscription_id, id, 0, 0, $3 FROM l RETURNING id),
       e AS (
         INSERT INTO event (account_id, actor, action, subject, at, details)
         SELECT $2, 'account', 'lease.started', l.id, $3, $4 FROM l RETURNING id),
       m AS (
         INSERT INTO mail (account_id, kind, recipient, details, created_at)
         SELECT $2, 'lease-started', $5, $4, $3 FROM l RETURNING id)
  SELECT g.id FROM g, e, m`;

/** Writes everything that a device's first activation needs in one statement. */
const activating = `
  WITH a AS (SELECT id FROM account WHERE id = $2 FOR NO KEY UPDATE),
       d AS (
         INSERT INTO device (account_id, install_id, name, model, system, created_at, last_seen_at)
         SELECT a.id, $3, 'Bench', NULL, 'android', $4, $4 FROM a RETURNING id),
       s AS (INSERT INTO seat (subscription_id, slot) VALUES ($1, 1) RETURNING subscription_id, slot),
       v AS (
         INSERT INTO activation (subscription_id, slot, device_id, activated_at)
         SELECT s.subscription_id, s.slot, d.id, $4 FROM s, d RETURNING id),
       e AS (
         INSERT INTO event (account_id, actor, action, subject, at, details)
         SELECT $2, 'account', 'device.activated', v.id, $4, $5 FROM v RETURNING id)
  SELECT v.id FROM v, e`;

/** Reads all rows of an entitlement, and those of the key that signs it. */
const entitled = `
  SELECT d.install_id, s.*, k.* FROM device d
    JOIN activation v ON v.device_id = d.id AND v.released_at IS NULL
    JOIN subscription s ON s.id = v.subscription_id
   CROSS JOIN (SELECT * FROM signing_key ORDER BY created_at DESC LIMIT 1) k
   WHERE d.id = $1 AND d.account_id = $2`;

const details = JSON.stringify({ product: "norton-360-deluxe", months: 12, days: 0, choice: "start" });

export type Floors = {
  preview(key: string, person: Person): Promise<void>;
  redeem(attempt: Omit<Attempt, "shown">, choice: "start" | "extend"): Promise<void>;
  keep(attempt: Omit<Attempt, "shown">): Promise<void>;
  lease(attempt: Omit<Attempt, "shown">): Promise<void>;
  undo(taken: { grantId: string; person: Person }): Promise<void>;
  activate(arrival: Arrival): Promise<void>;
  entitle(seated: { person: Person; deviceId: string }): Promise<void>;
  close(): Promise<void>;
};

export function floorsIn(databaseUrl: string): Floors {
  const pool = new Pool({ connectionString: databaseUrl, max: CLIENTS });
  const expectOne = async (name: string, text: string, values: unknown[]) => {
    const { rowCount } = await pool.query({ name, text, values });
    if (rowCount !== 1) throw new Error(`the floor of ${name} affected ${rowCount} rows`);
  };
  return {
    preview: async (key, { id }) => expectOne("preview", previewed, [digestOf(key), id]),
    redeem: async ({ key, person: { id, email } }, choice) => {
      const now = Date.now();
      const endsAt = new Date(now + (choice === "start" ? 365 : 730) * 86_400_000);
      const values = [digestOf(key), id, new Date(now), randomBytes(54), key.slice(-5), details, endsAt, email];
      await expectOne(choice, redemption(choice === "start" ? opened : extended), values);
    },
    keep: async ({ key, person: { id, email } }) => {
      const values = [digestOf(key), id, new Date(), randomBytes(54), key.slice(-5), details, email];
      await expectOne("keep", keeping, values);
    },
    lease: async ({ key, person: { id, email } }) =>
      expectOne("lease", leasing, [digestOf(key), id, new Date(), details, email]),
    undo: async ({ grantId, person: { id } }) => expectOne("undo", undoing, [grantId, id, new Date(), grantId]),
    activate: async ({ person, subscriptionId, device }) =>
      expectOne("activate", activating, [subscriptionId, person.id, device.installId, new Date(), details]),
    entitle: async ({ person, deviceId }) => {
      await expectOne("entitle", entitled, [deviceId, person.id]);
      sign(null, claims, signer);
    },
    close: () => pool.end(),
  };
}

const { privateKey: signer } = generateKeyPairSync("ed25519");

/** As long as those of an entitlement. */
const claims = Buffer.alloc(400);

/** Rows for a COPY, the fastest way to issue keys. */
export const copyRows = (batchId: string, count: number): string =>
  Array.from({ length: count }, () => `\\\\x${randomBytes(32).toString("hex")}\t${batchId}\n`).join("");

export async function copyKeys(client: Client | PoolClient, rows: string): Promise<void> {
  const copy = client.query(copyFrom("COPY product_key (lookup, batch_id) FROM STDIN"));
  const copied = finished(copy);
  if (!copy.write(rows)) await Promise.race([once(copy, "drain"), copied]);
  copy.end();
  await copied;
}

/** The digest of the n-th key of {@link fillKeys}: 32 pseudo-random bytes. */
const nthDigest = "sha256(int8send(n::bigint))";

/**
 * Fills an empty database with `count` keys. It builds the indexes afterwards and skips foreign key checks, because ten
 * million keys would otherwise take many minutes.
 */
export async function fillKeys(client: Client, batchId: string, count: number): Promise<void> {
  const { rows: indexes } = await client.query<{ drop: string; create: string }>(`
    SELECT 'DROP INDEX ' || indexrelid::regclass AS drop, pg_get_indexdef(indexrelid) AS create
      FROM pg_index WHERE indrelid = 'product_key'::regclass AND NOT indisunique
     UNION ALL
    SELECT format('ALTER TABLE product_key DROP CONSTRAINT %I', conname),
           format('ALTER TABLE product_key ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE conrelid = 'product_key'::regclass AND contype = 'u'`);
  await client.query("SET session_replication_role = replica; SET synchronous_commit = off");
  await client.query("SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 2");
  for (const { drop } of indexes) await client.query(drop);
  await client.query(
    `INSERT INTO product_key (lookup, batch_id) SELECT ${nthDigest}, $1 FROM generate_series(1, $2::bigint) n`,
    [batchId, count],
  );
  for (const { create } of indexes) await client.query(create);
  await client.query("VACUUM (ANALYZE) product_key");
  await client.query("CHECKPOINT");
}

/** Digests of some of the `count` keys of {@link fillKeys}, evenly spread. */
export async function someDigests(client: Client, count: number): Promise<Buffer[]> {
  const { rows } = await client.query<{ lookup: Buffer }>(
    `SELECT ${nthDigest} AS lookup FROM (SELECT 1 + floor(random() * $1) AS n FROM generate_series(1, 20000)) AS chosen`,
    [count],
  );
  return rows.map(({ lookup }) => lookup);
}
