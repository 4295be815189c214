import { randomBytes, scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { heldKey, productKey } from "@/lib/db/schema/licence";
import { limitCounter } from "@/lib/db/schema/limits";
import { holdKey, sweepHeldKeys, takeHeldKey } from "@/lib/licence/held-key";
import { keepKey } from "@/lib/licence/keep-key";
import { lookAtKey } from "@/lib/licence/look-at-key";
import { issueProductKey } from "@/lib/licence/product-key";
import { voidKey } from "@/lib/licence/void-key";
import { env } from "@/lib/env";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const unknownKey = () => issueProductKey((n) => new Uint8Array(randomBytes(n)));
const newKey = async (given = {}) => (await makeKeys(database.url, given)).keys[0]!;
const look = (key: string, network = crypto.randomUUID() as string) => lookAtKey({ key, network }, { now });

describe("looking at a key before signing in", () => {
  it("shows what it is for and changes nothing", async () => {
    const key = await newKey({ regions: ["FR", "BE"], redeemBy: "2027-05-31" });
    const before = [await db().select().from(productKey), await db().select().from(limitCounter)];
    expect(await look(key)).toEqual({
      status: "usable",
      product: "norton-360-deluxe",
      seats: 5,
      term: { months: 12, days: 0 },
      redeemBy: "2027-05-31",
      regions: ["FR", "BE"],
    });
    expect([await db().select().from(productKey), await db().select().from(limitCounter)]).toEqual(before);
    expect(
      await db()
        .select()
        .from(event)
        .where(sql`action LIKE 'key.%'`),
    ).toEqual([]);
  });

  it("says of a kept or redeemed key only that it is in use", async () => {
    const [kept, redeemed] = [await newKey(), await newKey()];
    await keepKey({ key: kept, accountId: await makeAccount(), network: null, startsItself: false }, { now });
    await redeemShown({ key: redeemed, accountId: await makeAccount() }, { now });
    expect([await look(kept), await look(redeemed)]).toEqual([{ status: "used" }, { status: "used" }]);
  });

  it.each([
    ["unknown", async () => unknownKey(), {}],
    ["notReleased", () => newKey({ released: false }), {}],
    ["expired", () => newKey({ redeemBy: "2026-11-20" }), { redeemBy: "2026-11-20" }],
    [
      "withdrawn",
      async () => {
        const key = await newKey();
        await voidKey({ key, reason: "lost" }, { now, lookupSecret: env().secrets.lookup });
        return key;
      },
      {},
    ],
  ] as const)("refuses a key that is %s", async (reason, given, details) => {
    expect(await look(await given())).toEqual({ status: "refused", reason, ...details });
  });

  it("is under the guessing limit of the network: of 64 guesses thirty are answered, and then no genuine key is (S18)", async () => {
    const network = crypto.randomUUID();
    const genuine = await newKey();
    const answers = await Promise.all(Array.from({ length: 64 }, () => look(unknownKey(), network)));
    expect(answers.filter(({ status }) => status === "refused")).toHaveLength(30);
    expect(answers.filter(({ status }) => status === "limited")).toHaveLength(34);
    expect((await look(genuine, network)).status).toBe("limited");
    expect((await look(genuine)).status).toBe("usable");
  });

  it("counts the same unknown key once, so that reloading the page locks nobody out", async () => {
    const [network, same] = [crypto.randomUUID(), unknownKey()];
    for (let round = 0; round < 40; round++) expect((await look(same, network)).status).toBe("refused");
  });
});

describe("a newcomer's key, held for another browser", () => {
  const stretched = (password: string) => async (salt: Buffer) => scryptSync(password, salt, 32);
  const hold = async (key: string, accountId: string) =>
    holdKey({ accountId, key }, stretched("correct velvet otter lamp"), { now });
  const take = (accountId: string, password = "correct velvet otter lamp", at = now) =>
    takeHeldKey({ accountId }, stretched(password), { now: at });

  it("is opened once, by the password, within a day", async () => {
    const [accountId, key] = [await makeAccount(), await newKey()];
    await hold(key, accountId);
    expect(await take(await makeAccount()), "another account").toBeNull();
    expect(await take(accountId, undefined, new Date(now.getTime() + 86_400_000)), "a day later").toBeNull();
    expect(await take(accountId)).toBe(key);
    expect(await take(accountId), "again").toBeNull();
  });

  it("stands nowhere in the database, and another password does not open it", async () => {
    const [accountId, key] = [await makeAccount(), await newKey()];
    await hold(key, accountId);
    const [row] = await db().select().from(heldKey);
    expect(row!.sealed.includes(Buffer.from(key))).toBe(false);
    expect(await take(accountId, "correct velvet otter lamb")).toBeNull();
  });

  it("sealed twice, the newer one counts", async () => {
    const [accountId, older, newer] = [await makeAccount(), await newKey(), await newKey()];
    await hold(older, accountId);
    await hold(newer, accountId);
    expect(await take(accountId)).toBe(newer);
  });

  it("is forgotten once a key is redeemed or kept, and after a day", async () => {
    const [redeemer, keeper, idler] = [await makeAccount(), await makeAccount(), await makeAccount()];
    for (const accountId of [redeemer, keeper, idler]) await hold(await newKey(), accountId);
    await redeemShown({ key: await newKey(), accountId: redeemer }, { now });
    await keepKey({ key: await newKey(), accountId: keeper, network: null, startsItself: false }, { now });
    expect(await take(redeemer)).toBeNull();
    expect(await take(keeper)).toBeNull();
    await sweepHeldKeys({ now: new Date(now.getTime() + 86_400_000) });
    expect(
      await db()
        .select()
        .from(heldKey)
        .where(sql`account_id = ${idler}`),
    ).toEqual([]);
  });
});
