import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { access, appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { attachDatabase, type EmbeddedDatabase } from "@/lib/db/embedded/embedded";
import { holdersLock } from "@/lib/db/embedded/holder";
import { readPostmaster } from "@/lib/db/embedded/pidfile";

let base: string;
let dataDir: string;
let attached: EmbeddedDatabase[];
let children: ChildProcess[];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "portal-embedded-"));
});

// Creating a cluster takes a second, so a test reuses the previous one unless it asks for an empty directory.
beforeEach(() => {
  dataDir = join(base, "data");
  attached = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(attached.map((database) => database.release()));
  // A killed process leaves its server without a holder. Attaching and releasing stops that server.
  if (await exists(join(dataDir, "postgres", "postmaster.pid"))) await (await attachDatabase({ dataDir })).release();
});

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

describe("sharing one server", () => {
  test("a leaving process leaves the server to the others, and the last one stops it", async () => {
    const mine = await attach();
    const other = await attachInChild();
    expect(other.url).toBe(mine.url);
    const server = await serverId();

    await mine.release();
    expect(await query(mine.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(await serverId()).toBe(server);

    await other.release();
    await expectStopped(mine.url);
  });

  test("stored data survives a restart of the server by the next process", async () => {
    const first = await attach();
    await query(first.url, "CREATE TABLE kept AS SELECT 1 AS one");
    await first.release();

    const second = await attach();
    expect(await query(second.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  });

  test("processes that start at once on an empty directory share one server and leave no temporary files", async () => {
    dataDir = join(base, "empty");
    const [mine, ...others] = await Promise.all([attach(), attachInChild(), attachInChild()]);
    await query(mine.url, "CREATE TABLE shared AS SELECT 1 AS one");
    for (const other of others) expect(await query(other.url, "SELECT one FROM shared")).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).sort()).toEqual(["postgres", "postgres.log"]);
  });

  test("a server whose only holder was killed is taken over and later stopped by the next process", async () => {
    const killed = await attachInChild();
    const server = await serverId();
    killed.child.kill("SIGKILL");
    await once(killed.child, "exit");

    const heir = await attach();
    expect(await serverId()).toBe(server);
    await heir.release();
    await expectStopped(heir.url);
  });

  test("a process that attaches while the last one leaves gets a server that stays", async () => {
    for (let round = 0; round < 5; round++) {
      const leaving = await attach();
      const [coming] = await Promise.all([attach(), leaving.release()]);
      expect(await query(coming.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await coming.release();
    }
  });

  test("a process that waits for the last one does not attach to the server being stopped", async () => {
    const first = await attach();
    const adminUrl = first.url.replace("/portal?", "/postgres?").replace("user=portal", "user=postgres");
    const expectCount = (count: number, of: string) =>
      vi.waitFor(async () => expect(await query(adminUrl, `SELECT FROM ${of}`)).toHaveLength(count));
    // The test plays the last process by hand, to take its steps one by one.
    const last = new Client(adminUrl);
    last.on("error", () => {});
    await last.connect();
    const alone = last.query("SELECT pg_advisory_lock($1)", [holdersLock]);
    await expectCount(1, "pg_locks WHERE NOT granted");
    await Promise.all([alone, first.release()]);

    const second = attach();
    await expectCount(1, "pg_locks WHERE NOT granted");
    await writeStatus("stopping");
    await last.end();
    await expectCount(0, "pg_stat_activity WHERE application_name = 'portal holder'");

    await writeStatus("ready");
    expect(await query((await second).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("Ctrl-C in the terminal reaches the portal but not its database, so that open work can finish", async () => {
    const portal = await attachInChild({ detached: true });
    process.kill(-portal.child.pid!, "SIGINT");
    expect(await portal.answer()).toBe("finished");
    await expectStopped(portal.url);
  });

  test("releasing twice has the effect of releasing once", async () => {
    const database = await attach();
    const other = await attach();
    await Promise.all([database.release(), database.release()]);
    expect(await query(other.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe("a server that dies", () => {
  test("is restarted once, at the same address, with every acknowledged row (R02)", async () => {
    const mine = await attach();
    await Promise.all([attachInChild(), attachInChild()]);
    await query(mine.url, "CREATE TABLE acknowledged (n int PRIMARY KEY)");
    const server = await serverId();
    const startsBefore = await countStarts();

    const rows: number[] = [];
    const writer = new Client(mine.url);
    writer.on("error", () => {});
    await writer.connect();
    const writing = (async () => {
      for (let n = 0; ; n++) {
        await writer.query("INSERT INTO acknowledged VALUES ($1)", [n]);
        rows.push(n);
        if (n === 200) process.kill(server, "SIGKILL");
      }
    })();
    await expect(writing).rejects.toThrow();

    const stored = await vi.waitFor(() => query(mine.url, "SELECT n FROM acknowledged"), { timeout: 20_000 });
    expect(stored.map(({ n }) => n)).toEqual(expect.arrayContaining(rows));
    expect(rows.length).toBeGreaterThan(200);
    expect(await serverId()).not.toBe(server);
    expect(await countStarts()).toBe(startsBefore + 1);
  });

  test("is still held after its restart: another holder's leaving does not stop it", async () => {
    const reports: string[] = [];
    const mine = await attach({ report: (message) => reports.push(message) });
    process.kill(await serverId(), "SIGKILL");
    await vi.waitFor(() => expect(reports).toContain("the database is back"), { timeout: 20_000 });

    const other = await attach();
    await other.release();
    expect(await query(mine.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await mine.release();
    await expectStopped(mine.url);
  });

  test("is not restarted by a process that has released it", async () => {
    const mine = await attach();
    process.kill(await serverId(), "SIGKILL");
    await mine.release();
    await vi.waitFor(() => expectStopped(mine.url));
  });

  test("is restarted although its process id now belongs to another program", async () => {
    const first = await attach();
    const file = join(dataDir, "postgres", "postmaster.pid");
    const [, ...rest] = (await readFile(file, "utf8")).split("\n");
    await first.release();
    const program = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    children.push(program);
    await writeFile(file, [program.pid, ...rest].join("\n"), { mode: 0o600 });

    const second = await attach();
    expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe("the embedded server", () => {
  test("accepts a data directory that is closed to others and has a longer path than a socket may", async () => {
    dataDir = join(base, "closed", "a-long-name-".repeat(8), "data");
    await mkdir(dirname(dataDir), { recursive: true });
    await chmod(join(base, "closed"), 0o700);
    const { url } = await attach();
    expect(dataDir.length).toBeGreaterThan(107);
    expect(await query(url, "SELECT current_user AS user, current_database() AS database")).toEqual([
      { user: "portal", database: "portal" },
    ]);
  });

  test("is closed to other users: no port, and only private directories", async () => {
    const { url } = await attach();
    for (const path of [dataDir, join(dataDir, "postgres"), hostOf(url)]) {
      expect((await stat(path)).mode & 0o077, path).toBe(0);
    }
    expect((await stat(join(dataDir, "postgres.log"))).mode & 0o077).toBe(0);
    expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "" }]);
  });

  test("skips a socket directory that others can write to, and never connects to a server there", async () => {
    const first = await attach();
    await first.release();
    const taken = hostOf(first.url);
    await mkdir(taken);
    await chmod(taken, 0o777);
    let visitors = 0;
    const impostor = createServer(() => visitors++).listen(join(taken, ".s.PGSQL.5432"));
    await once(impostor, "listening");
    try {
      const second = await attach();
      expect(hostOf(second.url)).not.toBe(taken);
      expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      expect(visitors).toBe(0);
    } finally {
      impostor.close();
      await rm(taken, { recursive: true });
    }
  });

  test("is set up so that commits survive a power cut, times are UTC, and text sorts alike on every machine", async () => {
    const { url } = await attach();
    const [settings] = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('timezone') AS zone, pg_encoding_to_char(encoding) AS encoding, datlocale AS locale
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual({ fsync: "on", commit: "on", zone: "UTC", encoding: "UTF8", locale: "C.UTF-8" });
  });

  test("gives the portal's user no superuser rights", async () => {
    const { url } = await attach();
    await expect(query(url, "COPY (SELECT 1) TO PROGRAM 'true'")).rejects.toThrow(/permission denied/);
  });
});

describe("starting PostgreSQL", () => {
  test("data of another major version is refused, and both versions are named", async () => {
    dataDir = join(base, "old");
    await mkdir(join(dataDir, "postgres"), { recursive: true });
    await writeFile(join(dataDir, "postgres", "PG_VERSION"), "14\n");
    await expect(attach()).rejects.toThrow(/was written by PostgreSQL 14, and this release brings PostgreSQL 18/);
  });

  test("fails with the server's own message when it does not start", async () => {
    dataDir = join(base, "wrong");
    await (await attach()).release();
    await appendFile(join(dataDir, "postgres", "postgresql.conf"), "no_such_setting = 1\n");
    await expect(attach()).rejects.toThrow(/PostgreSQL does not start:[^]*no_such_setting/);
  });

  test("removes the remains of a killed first start", async () => {
    dataDir = join(base, "interrupted");
    await mkdir(join(dataDir, "postgres.new-killed"), { recursive: true });
    await attach();
    expect((await readdir(dataDir)).sort()).toEqual(["postgres", "postgres.log"]);
  });
});

async function attach(options: { report?: (message: string) => void } = {}): Promise<EmbeddedDatabase> {
  const database = await attachDatabase({ dataDir, ...options });
  attached.push(database);
  return database;
}

/**
 * Another process that holds the database. On Ctrl-C it finishes a query, releases the database and answers "finished".
 */
const holder = `
  import { Client } from "pg";
  import { attachDatabase } from "./lib/db/embedded/embedded.ts";
  const { url, release } = await attachDatabase({ dataDir: process.argv[1] });
  process.once("message", async () => {
    await release();
    process.send("released");
    process.disconnect();
  });
  process.once("SIGINT", async () => {
    const client = new Client(url);
    await client.connect();
    await client.query("SELECT pg_sleep(0.2)");
    await client.end();
    await release();
    process.send("finished");
    process.disconnect();
  });
  process.send(url);
`;

async function attachInChild({ detached = false } = {}) {
  const options = ["--import", "tsx", "--conditions=react-server", "--input-type=module", "-e", holder, dataDir];
  const child = spawn(process.execPath, options, { detached, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  children.push(child);
  const answer = async () => {
    const [message] = (await Promise.race([
      once(child, "message"),
      once(child, "exit").then(([code]) => Promise.reject(new Error(`the other process ended with ${code}`))),
    ])) as [string];
    return message;
  };
  const url = await answer();
  const release = async () => {
    child.send("release");
    expect(await answer()).toBe("released");
  };
  return { child, url, answer, release };
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Replaces the status that the server writes in the last line of its file. */
async function writeStatus(status: string): Promise<void> {
  const file = join(dataDir, "postgres", "postmaster.pid");
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, [...lines.slice(0, 7), status, ""].join("\n"));
}

async function serverId(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10);
}

async function countStarts(): Promise<number> {
  const log = await readFile(join(dataDir, "postgres.log"), "utf8");
  return log.split("ready to accept connections").length - 1;
}

async function expectStopped(url: string): Promise<void> {
  expect((await readPostmaster(join(dataDir, "postgres")))?.isRunning ?? false).toBe(false);
  await expect(query(url, "SELECT 1")).rejects.toThrow(/ENOENT|ECONNREFUSED|ECONNRESET/);
}

const hostOf = (url: string) => new URL(url).searchParams.get("host")!;

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
