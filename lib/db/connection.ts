import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";

/** Settings that the portal's statements rely on, whatever the database or its roles have as defaults. */
const pins = { datestyle: "ISO", default_transaction_isolation: "read committed", timezone: "UTC" };

/** Milliseconds. No statement of the server waits or runs longer. */
const timeouts = { lock_timeout: 5_000, statement_timeout: 10_000, idle_in_transaction_session_timeout: 10_000 };

// Next.js evaluates a module once per bundle, so what was found out is kept on `globalThis`.
const shared = globalThis as { portalPooled?: Set<string> };
const pooledUrls = () => (shared.portalPooled ??= new Set());

/** Whether {@link findPooler} has found a transaction pooler at this URL. */
export const isPooled = (url: string): boolean => pooledUrls().has(url);

/**
 * How to connect to `url`, with the portal's settings. A connection to PostgreSQL brings them along. Behind a pooler that
 * gives each transaction another connection, they stand with the role: see {@link findPooler}.
 * @param limits false: a connection of its own for a long task, without time limits
 */
export function connectionTo(url: string, { limits }: { limits: boolean }): ClientConfig {
  if (isPooled(url)) return { connectionString: url };
  return { connectionString: pinned(url), ...(limits && timeouts) };
}

/** A PostgreSQL URL whose connections have the pins. Its own options stay. */
function pinned(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const own = Object.entries(pins).map(([name, value]) => `-c ${name}=${value.replaceAll(" ", "\\ ")}`);
  const options = [url.searchParams.get("options"), ...own].filter(Boolean).join(" ");
  // A form encodes a space as +, which some parsers of connection strings do not read.
  url.searchParams.delete("options");
  const query = `options=${encodeURIComponent(options)}`;
  url.search = url.search ? `${url.search}&${query}` : query;
  return url.href;
}

/**
 * Finds out whether a transaction pooler such as PgBouncer stands in front of the database, and then keeps the portal's
 * settings with the role, because such a pooler accepts none with a connection. It is recognised by refusing them, or by
 * a process id that is not the server's. Connections that the pooler has open from before end once.
 * @throws the driver's error when the database cannot be reached
 */
export async function findPooler(url: string): Promise<void> {
  if (!(await hasPooler(url))) return;
  pooledUrls().add(url);
  const client = new Client({ connectionString: url, application_name: "portal start" });
  client.on("error", () => {});
  await client.connect();
  try {
    await keepWithRole(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function hasPooler(url: string): Promise<boolean> {
  const client = new Client({ ...connectionTo(url, { limits: true }), application_name: "portal start" });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    return rows[0]!.pid !== (client as unknown as { processID: number }).processID;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "08P01" && message.includes("startup parameter")) return true;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Milliseconds. */
const NOTICED = 500;

/** An advisory lock of a transaction, so that servers that start at once take turns. */
const settingsLock = "7306102413";

async function keepWithRole(client: Client): Promise<void> {
  const wanted = Object.entries({ ...pins, ...timeouts }).map(([name, value]) => ({ name, value: String(value) }));
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1)", [settingsLock]);
  const { rows } = await client.query<{ database: string; kept: string[] | null; isOld: boolean }>(
    `SELECT quote_ident(current_database()) AS database,
            (SELECT s.setconfig FROM pg_db_role_setting s
              WHERE s.setrole = current_user::regrole AND s.setdatabase = d.oid) AS kept,
            EXISTS (SELECT FROM pg_settings p JOIN unnest($1::text[], $2::text[]) AS w (name, value)
                      ON lower(p.name) = w.name WHERE p.reset_val <> w.value AND p.reset_val <> w.value || ', MDY') AS "isOld"
       FROM pg_database d WHERE d.datname = current_database()`,
    [wanted.map(({ name }) => name), wanted.map(({ value }) => value)],
  );
  const { database, kept, isOld } = rows[0]!;
  for (const { name, value } of wanted) {
    if (kept?.includes(`${name}=${value}`)) continue;
    await client.query(`ALTER ROLE CURRENT_USER IN DATABASE ${database} SET ${name} = '${value}'`);
  }
  await client.query("COMMIT");
  if (!isOld) return;
  // Connections from before lack the settings. The last one carries this statement, so its answer may not arrive.
  await client
    .query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = current_user AND datname = current_database() AND (state = 'idle' OR pid = pg_backend_pid())
        ORDER BY pid = pg_backend_pid()`,
    )
    .catch(() => {});
  // A pooler hands out an ended connection until it has noticed.
  await pause(NOTICED);
}
