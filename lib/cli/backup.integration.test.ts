import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachDatabase, type EmbeddedDatabase } from "@/lib/db/embedded/embedded";
import { makeHome, runPortal } from "@/lib/testing/portal-process";

const LOOKUP_SECRET = "a secret of these tests alone, 0123456789";

let base: string;
let home: Awaited<ReturnType<typeof makeHome>>;
let served: EmbeddedDatabase;
let dataDir: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "portal-backup-"));
  home = await makeHome();
  dataDir = join(base, "data");
  // Some process serves the database all the time, as the portal does.
  served = await attachDatabase({ dataDir });
  expect((await portal(["batches", "list"])).code).toBe(0);
  await query(served.url, "CREATE TABLE written (number int PRIMARY KEY, text text)");
});
afterAll(async () => {
  await served.release();
  await rm(base, { recursive: true, force: true });
  await home.remove();
});

const portal = (args: string[], env: Record<string, string> = {}) =>
  runPortal(args, { home: home.path, env: { DATA_DIR: dataDir, LOOKUP_SECRET, ...env } });

async function query<T>(url: string, text: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

/** Writes one row per transaction until told to end. @returns how many were acknowledged */
function writeOn(url: string): { count: () => number; end: () => Promise<void> } {
  let count = 0;
  let ended = false;
  const work = (async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    while (!ended) {
      await client.query("INSERT INTO written VALUES ($1, repeat('x', 500))", [count + 1]);
      count += 1;
    }
    await client.end();
  })();
  return { count: () => count, end: () => ((ended = true), work) };
}

const wholeTable =
  "SELECT count(*)::int AS count, max(number) AS last, md5(string_agg(text, '' ORDER BY number)) FROM written";

describe("backup and restore", () => {
  test(
    "a backup taken under load holds every transaction acknowledged before it began, and only whole ones",
    { timeout: 120_000 },
    async () => {
      const file = join(base, "under-load.tar.gz");
      const writing = writeOn(served.url);
      await expect.poll(writing.count, { timeout: 30_000 }).toBeGreaterThan(500);
      const before = writing.count();
      const { code, stderr } = await portal(["backup", file]);
      const after = writing.count();
      await writing.end();
      expect(stderr).toBe(`Wrote ${file}.\n`);
      expect(code).toBe(0);
      expect(after).toBeGreaterThan(before);
      expect((await stat(file)).mode & 0o777).toBe(0o600);

      const restored = join(base, "restored");
      expect(await portal(["restore", file], { DATA_DIR: restored })).toMatchObject({ code: 0 });
      const database = await attachDatabase({ dataDir: restored });
      const [found] = await query<{ count: number; last: number }>(database.url, wholeTable);
      await database.release();
      const [same] = await query(served.url, wholeTable.replace("written", `written WHERE number <= ${found!.last}`));
      expect(found).toEqual(same);
      expect(found!.count).toBe(found!.last);
      expect(found!.last).toBeGreaterThanOrEqual(before);
    },
  );

  test("of a quiet database, everything is the same, byte by byte of every table", { timeout: 120_000 }, async () => {
    const issue = ["keys", "issue", "--product", "norton-360-deluxe", "--months", "12", "--count", "100"];
    expect((await portal([...issue, "--channel", "retail"])).code).toBe(0);
    const file = join(base, "quiet.tar.gz");
    expect((await portal(["backup", file])).code).toBe(0);
    const restored = join(base, "again");
    expect((await portal(["restore", file], { DATA_DIR: restored })).code).toBe(0);
    const database = await attachDatabase({ dataDir: restored });
    const contents = await readAll(database.url);
    await database.release();
    expect(contents).toEqual(await readAll(served.url));
    expect(Object.keys(contents)).toContain("product_key");
  });

  test("a restored database says so when the secrets at hand are not its own", { timeout: 120_000 }, async () => {
    const file = join(base, "secret.tar.gz");
    expect((await portal(["backup", file])).code).toBe(0);
    const other = { DATA_DIR: join(base, "other"), LOOKUP_SECRET: "another secret of these tests, 9876543210" };
    const { code, stderr } = await portal(["restore", file], other);
    expect(code).toBe(1);
    expect(stderr).toContain("LOOKUP_SECRET is not the one this database was made with");
  });

  test("neither an earlier backup nor a database is ever overwritten", { timeout: 60_000 }, async () => {
    const file = join(base, "precious");
    await writeFile(file, "precious");
    expect(await portal(["backup", file])).toMatchObject({ code: 1, stderr: `${file} exists already.\n` });
    expect((await stat(file)).size).toBe(8);
    const { code, stderr } = await portal(["restore", file]);
    expect(code).toBe(1);
    expect(stderr).toContain("Restore into another DATA_DIR");
  });

  test("a file that is no backup leaves nothing behind", { timeout: 60_000 }, async () => {
    const file = join(base, "no-backup");
    await writeFile(file, "no backup");
    const target = join(base, "empty");
    expect((await portal(["restore", file], { DATA_DIR: target })).code).toBe(1);
    expect(await readdir(target)).toEqual([]);
    expect((await readdir(base)).filter((name) => name.startsWith(".portal-backup"))).toEqual([]);
  });

  test("with DATABASE_URL both say which commands to use instead", async () => {
    for (const command of ["backup", "restore"]) {
      const { code, stderr } = await portal([command, join(base, "x")], { DATABASE_URL: served.url });
      expect(code).toBe(2);
      expect(stderr).toContain("pg_dump");
    }
  });
});

/** Digest of every table's rows, by table. */
async function readAll(url: string): Promise<Record<string, string>> {
  const names = await query<{ name: string }>(
    url,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const digests: Record<string, string> = {};
  for (const { name } of names) {
    const [row] = await query<{ digest: string }>(
      url,
      `SELECT count(*) || md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) AS digest FROM "${name}" t`,
    );
    digests[name] = row!.digest;
  }
  return digests;
}
