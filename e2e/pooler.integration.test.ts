import { sql } from "drizzle-orm";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount } from "@/lib/account/profile/create-account";
import { signIn } from "@/lib/account/password/sign-in";
import { closeDatabase, db, openDatabase } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { createTestDatabase } from "@/lib/testing/database";
import type { TestDatabase } from "@/lib/testing/cluster";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { startPooler, type Pooler } from "@/lib/testing/pooler";
import { redeemShown } from "@/lib/testing/redeem";

let database: TestDatabase;
let pooler: Pooler;

beforeAll(async () => {
  database = await createTestDatabase();
  pooler = await startPooler(database.url);
  // Two servers that start at once.
  await Promise.all([migrate(pooler.url), migrate(pooler.url)]);
  openDatabase(pooler.url);
});

afterAll(async () => {
  await closeDatabase();
  await pooler.close();
  await database.drop();
});

const now = new Date();

describe("behind a transaction pooler (R29)", () => {
  it("the stand-in gives each transaction another connection, and refuses what PgBouncer refuses", async () => {
    const pids = new Set<number>();
    for (let count = 0; count < 6; count++) {
      const { rows } = await db().execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
      pids.add(rows[0]!.pid);
    }
    expect(pids.size).toBe(3);
    const client = new Client({ connectionString: pooler.url, options: "-c timezone=UTC" });
    await expect(client.connect()).rejects.toMatchObject({ code: "08P01" });
  });

  it("every connection has the portal's settings, though none brings them along", async () => {
    for (let count = 0; count < 6; count++) {
      const { rows } = await db().execute(sql`
        SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS statement,
               current_setting('lock_timeout') AS lock, current_setting('transaction_isolation') AS isolation`);
      expect(rows).toEqual([{ zone: "UTC", statement: "10s", lock: "5s", isolation: "read committed" }]);
    }
  });

  it("people create accounts and sign in, and keys are issued", async () => {
    const client = { addressPrefix: "198.51.100.7", userAgent: null, browser: null };
    const person = { name: "Ann", email: "ann@example.org", password: "correct velvet otter lamp", country: "FR" };
    const made = await createAccount({ ...person, locale: "en", timeZone: "UTC" }, { now, client });
    expect(made.status).toBe("created");
    expect((await signIn(person, { now, client })).status).toBe("signedIn");
    expect((await makeKeys(pooler.url, { count: 5_000 })).keys).toHaveLength(5_000);
  });

  it("a race of fifty for one key has one winner, and the statements that are usually prepared work again and again", async () => {
    const { keys } = await makeKeys(pooler.url, { count: 3 });
    const [one, two] = [await makeAccount(), await makeAccount()];
    const race = await Promise.all(
      Array.from({ length: 50 }, (_, count) =>
        redeemShown({ key: keys[0]!, accountId: count % 2 ? one : two }, { now }),
      ),
    );
    expect(race.filter(({ status }) => status === "activated")).toHaveLength(1);
    for (const key of keys.slice(1, 3)) {
      expect((await redeemShown({ key, accountId: one }, { now })).status).toBe("activated");
      expect((await listSubscriptions({ accountId: one }, { now })).length).toBeGreaterThan(0);
    }
  });
});
