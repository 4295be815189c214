import "server-only";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { chooseAddress, databaseUrl, removeRuntimeDirectory, type Address } from "@/lib/db/embedded/address";
import { removeDrafts, superuser, type Cluster } from "@/lib/db/embedded/cluster";
import { readPostmaster } from "@/lib/db/embedded/pidfile";
import { startPostmaster, stopPostmaster, type Start } from "@/lib/db/embedded/postmaster";

/** A process's hold on a running server. `lost` settles when its connection has ended. */
export type Holder = { client: Client; address: Address; lost: Promise<void> };

/**
 * Every holder holds this advisory lock of the database `postgres` in shared mode. The last one to leave takes it
 * exclusively.
 */
export const holdersLock = "7306102411";

const patience = 120_000;
const triesToStart = 5;

/**
 * Takes a hold on the cluster's server, and starts the server if there is none. Pass `address` to get the server at the
 * address where it was held before.
 * @throws Error with the server's own message when it ends five times at start, or when it is not up in two minutes
 */
export async function hold(cluster: Cluster, settings: string[], address?: Address): Promise<Holder> {
  const giveUp = Date.now() + patience;
  let start: Start | undefined;
  let failures = 0;
  while (Date.now() < giveUp) {
    const at = address ?? (await chooseAddress(cluster.directory));
    const postmaster = await readPostmaster(cluster.directory);
    const holder = postmaster?.isReady ? await tryToHold(cluster, at) : undefined;
    if (holder) return holder;

    if (start?.hasEnded && !postmaster?.isRunning) {
      if (++failures === triesToStart) {
        await removeRuntimeDirectory(at.host);
        throw new Error(`PostgreSQL does not start:\n${await start.complaint()}`);
      }
      await pause(150 * failures);
      start = undefined;
    } else if (!start && !postmaster?.isRunning) {
      await removeDrafts(cluster);
      start = await startPostmaster(cluster, at, settings);
    }
    await pause(10);
  }
  throw new Error(`PostgreSQL in ${cluster.directory} is not up after two minutes.`);
}

/**
 * Gives a hold back. A process that then gets the lock exclusively is the last one and stops the server. A process that
 * attaches meanwhile waits for the lock, loses that connection with the server, and starts the next one.
 */
export async function releaseHold(cluster: Cluster, { client, lost }: Holder, patience: number): Promise<void> {
  const isLast = await giveLockBack(client, patience);
  if (isLast) await stopPostmaster(cluster);
  await client.end().catch(() => {});
  await lost;
}

/**
 * False when others stay longer than `patience`, or when the connection is lost. In that case the hold is gone too, and
 * others take care of the server.
 */
async function giveLockBack(client: Client, patience: number): Promise<boolean> {
  try {
    await client.query("SELECT pg_advisory_unlock_shared($1)", [holdersLock]);
    // Zero would wait for ever.
    await client.query("SELECT set_config('lock_timeout', $1, false)", [String(Math.max(patience, 1))]);
    await client.query("SELECT pg_advisory_lock($1)", [holdersLock]);
    return true;
  } catch {
    return false;
  }
}

async function tryToHold(cluster: Cluster, address: Address): Promise<Holder | undefined> {
  const client = new Client({
    connectionString: databaseUrl(address, superuser, "postgres"),
    connectionTimeoutMillis: 5_000,
    lock_timeout: 20_000,
    application_name: "portal holder",
  });
  // Without a listener, a lost connection would end the process.
  client.on("error", () => {});
  const lost = new Promise<void>((settle) => client.once("end", settle));
  try {
    await client.connect();
    if ((await readDataDirectory(client)) === cluster.directory) {
      await client.query("SELECT pg_advisory_lock_shared($1)", [holdersLock]);
      // The last process may have held the lock until just now. Then the server is stopping, and its file says so.
      if ((await readPostmaster(cluster.directory))?.isReady) return { client, address, lost };
    }
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
  void client.end().catch(() => {});
}

async function readDataDirectory(client: Client): Promise<string> {
  const { rows } = await client.query<{ path: string }>("SELECT current_setting('data_directory') AS path");
  return resolve(rows[0]!.path);
}

/** Whether the error means that no server accepts connections now: it is starting, stopping or has crashed. */
function isNotThere(error: unknown): boolean {
  const { code = "", message } = error as { code?: string; message: string };
  const socket = ["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "55P03"].includes(code) || code.startsWith("57P0");
  return socket || /terminated|not queryable|timeout expired/.test(message);
}
