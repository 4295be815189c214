import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findAccount } from "@/lib/account/profile/find-account";
import { verifyPassword } from "@/lib/account/password/password";
import { ensureDemo } from "@/lib/cli/demo-data";
import { demoStates, readDemo, type Demo } from "@/lib/cli/demo-file";
import { closeDatabase, db, openDatabase } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { productKey } from "@/lib/db/schema/licence";
import { holdsDemoData } from "@/lib/db/settings";
import type { TestDatabase } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { env } from "@/lib/env";
import { makeAccount } from "@/lib/testing/factories";
import { previewCode } from "@/lib/licence/leases/preview-code";
import { previewKey } from "@/lib/licence/preview-key";
import { readKey } from "@/lib/licence/product-key";
import { listSubscriptions } from "@/lib/licence/subscriptions";

const now = new Date();
let database: TestDatabase;
let dataDir: string;

const ensure = () => ensureDemo({ url: database.url, dataDir, lookupSecret: env().secrets.lookup }, { now });

async function open(): Promise<void> {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "portal-demo-"));
  openDatabase(database.url);
}

async function close(): Promise<void> {
  await closeDatabase();
  await Promise.all([database.drop(), rm(dataDir, { recursive: true })]);
}

describe("the demo", () => {
  let demo: Demo;
  let accountId: string;
  beforeAll(async () => {
    await open();
    demo = await ensure();
    accountId = (await findAccount(demo.account))!.account.id;
  });
  afterAll(close);

  test("every state has a demo key, and each key gets the answer that its row in the table promises", async () => {
    expect([...new Set(demo.keys.map(({ state }) => state))]).toEqual(demoStates);
    expect(new Set(demo.keys.map(({ product }) => product).filter(Boolean)).size).toBe(3);
    for (const { key, state, product } of demo.keys)
      expect(await answerTo(key), state).toEqual(promised[state](product));
  });

  const promised: Record<Demo["keys"][number]["state"], (product: string | null) => object> = {
    good: (product) => ({ status: "ready", choice: "start", product }),
    extends: (product) => ({ status: "ready", choice: "extend", product }),
    mistyped: (product) => ({ suggested: "swapped", status: "ready", choice: "start", product }),
    alreadyYours: () => ({ status: "alreadyYours" }),
    kept: (product) => ({ status: "ready", choice: "extend", product }),
    partnerCode: (product) => ({ status: "ready", partner: "Example Telecom", product }),
    usedByAnother: () => refused("usedByAnother"),
    withdrawn: () => refused("withdrawn"),
    notReleased: () => refused("notReleased"),
    expired: () => refused("expired"),
    region: () => refused("region"),
    ceiling: () => refused("ceiling"),
    unknown: () => refused("unknown"),
  };
  const refused = (reason: string) => ({ status: "refused", reason });

  async function answerTo(typed: string): Promise<object> {
    const reading = readKey(typed);
    if (reading.kind === "suggestion") return { suggested: reading.repair, ...(await answerTo(reading.key)) };
    if (reading.kind === "partnerCode") {
      const preview = await previewCode({ code: reading.code, accountId, network: null }, { now });
      return preview.status === "ready"
        ? { status: preview.status, partner: preview.partner, product: preview.product }
        : preview;
    }
    if (reading.kind !== "productKey") return { kind: reading.kind };
    const preview = await previewKey({ key: reading.key, accountId, network: null }, { now });
    if (preview.status === "refused") return refused(preview.reason);
    if (preview.status === "alreadyYours") return { status: preview.status };
    if (preview.status === "limited") return { status: preview.status };
    return { status: preview.status, choice: preview.choices[0].kind, product: preview.product };
  }

  test("the demo account has the printed password, a confirmed address and one subscription for about seven more months", async () => {
    const [row] = await db().select().from(account).where(eq(account.id, accountId));
    expect(await verifyPassword(row!.passwordHash, demo.account.password)).toBe(true);
    expect(row!.emailVerifiedAt).not.toBeNull();
    const subscriptions = await listSubscriptions({ accountId }, { now });
    expect(subscriptions).toMatchObject([{ product: "norton-360-deluxe", state: "active" }]);
    const days = (subscriptions[0]!.endsAt.getTime() - now.getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(6.5 * 30);
    expect(days).toBeLessThan(7.5 * 31);
  });

  test("making the demo leaves nobody signed in", async () => {
    const sessions = await db().select({ revokedAt: session.revokedAt }).from(session);
    expect(sessions.filter(({ revokedAt }) => !revokedAt)).toEqual([]);
  });

  test("only the owner can read demo.json, and a second start returns the same demo", async () => {
    const file = join(dataDir, "demo.json");
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(demo);
    const before = await db().$count(productKey);
    expect(await ensure()).toEqual(demo);
    expect(await db().$count(productKey)).toBe(before);
  });

  test("marks its database, so that production refuses it", async () => {
    expect(await holdsDemoData()).toBe(true);
  });
});

describe("a database that is not a fresh one", () => {
  beforeEach(async () => {
    await open();
    return close;
  });

  test("is left alone when it holds accounts of others", async () => {
    await makeAccount();
    await expect(ensure()).rejects.toThrow("accounts that are not a demo's");
    expect(await holdsDemoData()).toBe(false);
    expect(await readDemo(dataDir)).toBeNull();
  });

  test("gets the demo again when the first start was interrupted before demo.json was written", async () => {
    const first = await ensure();
    await rm(join(dataDir, "demo.json"));
    const second = await ensure();
    expect(second.account).toEqual(first.account);
    expect(second.keys).toHaveLength(first.keys.length);
    expect(await readDemo(dataDir)).toEqual(second);
  });

  test("gets a demo of its own when demo.json is another database's", async () => {
    const first = await ensure();
    await closeDatabase();
    const other = await createTestDatabase();
    openDatabase(other.url);
    const second = await ensureDemo({ url: other.url, dataDir, lookupSecret: env().secrets.lookup }, { now });
    expect(second.keys[0]).not.toEqual(first.keys[0]);
    await closeDatabase();
    await other.drop();
  });
});
