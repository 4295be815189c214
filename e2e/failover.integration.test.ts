import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { createAccount } from "@/lib/account/profile/create-account";
import { findSession } from "@/lib/account/session/sessions";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { chooseAddress, databaseUrl } from "@/lib/db/embedded/address";
import { backUp, restore } from "@/lib/db/embedded/backup";
import { openCluster, superuser, type Cluster } from "@/lib/db/embedded/cluster";
import { readPostmaster } from "@/lib/db/embedded/pidfile";
import { startPostmaster, stopPostmaster } from "@/lib/db/embedded/postmaster";
import { redeemKey } from "@/lib/licence/redeem-key";
import { migrate } from "@/lib/db/migrate";
import { isReady } from "@/lib/ready";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { showPreview } from "@/lib/testing/redeem";
import { layLine, type DatabaseLine } from "./database-line";

/** A server with a synchronous standby, and the address in front of both. */
let base: string;
let primary: Server;
let standby: Server;
let address: DatabaseLine;

type Server = { cluster: Cluster; url: string; superuserUrl: string; host: string };

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "portal-failover-"));
  primary = await serve("primary");
  await migrate(primary.url);

  const backup = join(base, "backup.tar.gz");
  await backUp(primary.cluster.directory, primary.superuserUrl, backup);
  const dataDir = join(base, "standby");
  await restore(backup, dataDir);
  const directory = join(dataDir, "postgres");
  await writeFile(join(directory, "standby.signal"), "");
  await appendFile(
    join(directory, "postgresql.auto.conf"),
    `primary_conninfo = 'host=${primary.host} port=5432 user=${superuser} application_name=standby'\n`,
  );
  standby = await serve("standby");

  await ask(primary.superuserUrl, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
  await ask(primary.superuserUrl, "SELECT pg_reload_conf()");
  const isSynchronous = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
  await vi.waitUntil(async () => (await ask(primary.superuserUrl, isSynchronous)).length === 1, { timeout: 20_000 });
  address = await layLine(primary.url);
  openDatabase(address.url);
}, 120_000);

afterAll(async () => {
  await closeDatabase();
  await address?.close();
  for (const server of [primary, standby]) if (server) await stopPostmaster(server.cluster);
  await rm(base, { recursive: true, force: true });
});

async function serve(name: string): Promise<Server> {
  const cluster = await openCluster(join(base, name));
  const where = await chooseAddress(cluster.directory);
  const start = await startPostmaster(cluster, where, []);
  await vi.waitUntil(
    async () => {
      if (start.hasEnded) throw new Error(await start.complaint());
      return (await readPostmaster(cluster.directory))?.isReady;
    },
    { timeout: 30_000 },
  );
  return {
    cluster,
    host: where.host,
    url: databaseUrl(where, "portal", "portal"),
    superuserUrl: databaseUrl(where, superuser, "postgres"),
  };
}

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Kills a server and everything it has started, as a lost machine does. */
async function lose({ cluster }: Server): Promise<void> {
  const { pid } = (await readPostmaster(cluster.directory))!;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").map(Number);
  for (const each of [pid, ...children]) process.kill(each, "SIGKILL");
}

it("a promoted standby has every activation that was acknowledged, and all are signed in (R31)", async () => {
  const now = new Date();
  const { keys } = await makeKeys(address.url, { count: 400 });
  const client = { addressPrefix: "198.51.100.7", userAgent: null, browser: null };
  const person = { name: "Ann", email: "ann@example.org", password: "correct velvet otter lamp", country: "FR" };
  const made = await createAccount({ ...person, locale: "en", timeZone: "UTC" }, { now, client });
  if (made.status !== "created") throw new Error(made.status);
  const buyers = await Promise.all(Array.from({ length: keys.length }, () => makeAccount()));

  const acknowledged = new Set<number>();
  let next = 0;
  let ended = false;
  /** Repeats until it is answered, as a person does who reloads the page. */
  const insist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    while (!ended) {
      const answer = await work().catch(() => undefined);
      if (answer !== undefined) return answer;
      await pause(50);
    }
    return undefined;
  };
  const buy = async () => {
    while (next < keys.length) {
      const mine = next++;
      const bought = { key: keys[mine]!, accountId: buyers[mine]!, network: null };
      const shown = await insist(() => showPreview(bought, { now }));
      const answer = await insist(() => redeemKey({ ...bought, ...shown! }, { now }));
      // "Already yours" after an activation whose answer was lost.
      if (answer?.status === "activated" || answer?.status === "alreadyYours") acknowledged.add(mine);
    }
  };
  onTestFinished(() => void (ended = true));
  const load = Promise.all(Array.from({ length: 8 }, buy));
  await expect.poll(() => acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(100);

  await lose(primary);
  await address.cut();
  const before = new Set(acknowledged);
  await ask(standby.superuserUrl, "SELECT pg_promote()");
  const promoted = performance.now();
  address.turnTo(standby.url);
  await address.mend();
  await expect.poll(() => acknowledged.size, { timeout: 30_000, interval: 20 }).toBeGreaterThan(before.size + 8);
  const back = performance.now() - promoted;
  await expect.poll(isReady, { timeout: 10_000 }).toBe(true);
  await load;

  const given = await ask<{ account: string; entries: number }>(
    standby.url,
    `SELECT s.account_id AS account, count(*)::int AS entries
       FROM subscription s JOIN grant_entry g ON g.subscription_id = s.id GROUP BY 1`,
  );
  const byAccount = new Map(given.map((row) => [row.account, row]));
  const lost = [...acknowledged].filter((index) => !byAccount.has(buyers[index]!));
  expect(lost).toEqual([]);
  expect(given.filter(({ entries }) => entries !== 1)).toEqual([]);
  expect(acknowledged.size).toBe(keys.length);
  expect((await findSession(made.reference))?.account.email).toBe("ann@example.org");
  process.stdout.write(
    `    ${before.size} activations before the loss, the next ${Math.round(back)} ms after promotion\n`,
  );
}, 120_000);
