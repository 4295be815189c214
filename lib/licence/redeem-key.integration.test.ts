import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { grantEntry } from "@/lib/db/schema/ledger";
import { productKey, subscription } from "@/lib/db/schema/licence";
import { mail } from "@/lib/db/schema/mail";
import { countStatements } from "@/lib/testing/count-statements";
import { untilSomeoneWaits, withTestDatabase } from "@/lib/testing/database";
import { env } from "@/lib/env";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger } from "@/lib/licence/ledger";
import { givingsFor, previewVersion } from "@/lib/licence/choices";
import { previewKey } from "@/lib/licence/preview-key";
import { issueProductKey } from "@/lib/licence/product-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { redeemShown, showPreview, type Shown } from "@/lib/testing/redeem";
import { revealKey } from "@/lib/licence/reveal-key";
import { findRedemption, listSubscriptions } from "@/lib/licence/subscriptions";
import { addTerm } from "@/lib/licence/term";
import { voidKey } from "@/lib/licence/void-key";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const at = { now };

const keyOf = async (given: Parameters<typeof makeKeys>[1] = {}) => (await makeKeys(database.url, given)).keys[0]!;

const network = null;
const anything: Shown = { choice: "start", previewVersion: "any" };

const shownFor = (key: string, accountId: string, when = now) => showPreview({ key, accountId }, { now: when });

const redeem = (key: string, accountId: string, when = now) => redeemShown({ key, accountId }, { now: when });

const endsOf = async (accountId: string) =>
  (
    await db().select({ endsAt: subscription.endsAt }).from(subscription).where(eq(subscription.accountId, accountId))
  ).map(({ endsAt }) => endsAt.toISOString());

const grantsOf = (accountId: string) =>
  db()
    .select({ id: grantEntry.id, months: grantEntry.months })
    .from(grantEntry)
    .innerJoin(subscription, eq(subscription.id, grantEntry.subscriptionId))
    .where(eq(subscription.accountId, accountId));

const eventsOf = async (accountId: string, action: string) =>
  (
    await db()
      .select({ action: event.action, subject: event.subject })
      .from(event)
      .where(eq(event.accountId, accountId))
  ).filter((one) => one.action === action);

const rowOf = async (key: string) =>
  (
    await db()
      .select()
      .from(productKey)
      .where(eq(productKey.lookup, lookupDigest(key)))
  )[0]!;

describe("redeeming", () => {
  it("starts a subscription today for the term of the key", async () => {
    const accountId = await makeAccount();
    const key = await keyOf({ months: 12 });
    const answer = await redeem(key, accountId);
    expect(answer).toMatchObject({ status: "activated" });
    expect(await endsOf(accountId)).toEqual(["2027-11-23T14:05:00.000Z"]);
    expect(await eventsOf(accountId, "key.redeemed")).toHaveLength(1);
  });

  it("extends the running subscription of the same product without losing a day", async () => {
    const accountId = await makeAccount();
    await redeem(await keyOf(), accountId);
    const later = new Date("2027-03-01T00:00:00Z");
    await redeem(await keyOf({ months: 12 }), accountId, later);
    expect(await endsOf(accountId)).toEqual(["2028-11-23T14:05:00.000Z"]);
  });

  it("starts a new subscription after one has ended, or beside one of another product", async () => {
    const accountId = await makeAccount();
    await redeem(await keyOf({ months: 1 }), accountId);
    const later = new Date("2027-06-01T09:00:00Z");
    await redeem(await keyOf({ months: 1 }), accountId, later);
    await redeem(await keyOf({ months: 1, product: "norton-360-premium" }), accountId, later);
    expect((await endsOf(accountId)).sort()).toEqual([
      "2026-12-23T14:05:00.000Z",
      "2027-07-01T09:00:00.000Z",
      "2027-07-01T09:00:00.000Z",
    ]);
  });

  it("is shown beside other running subscriptions, which it does not change", async () => {
    const accountId = await makeAccount();
    await redeem(await keyOf({ months: 3 }), accountId);
    const key = await keyOf({ product: "norton-360-premium" });
    expect(await previewKey({ key, accountId, network }, at)).toMatchObject({
      choices: [{ kind: "start" }, { kind: "keep", runningUntil: null }],
      beside: [{ product: "norton-360-deluxe", endsAt: new Date("2027-02-23T14:05:00Z") }],
    });
    await redeem(key, accountId);
    expect(await endsOf(accountId)).toContain("2027-02-23T14:05:00.000Z");
  });

  it("gives one key to exactly one of two accounts in a race of fifty: one grant, one event (S25)", async () => {
    const accounts = [await makeAccount(), await makeAccount()];
    const key = await keyOf();
    const versions = await Promise.all(accounts.map((accountId) => shownFor(key, accountId)));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const who = index % 2;
        return redeemKey({ key, accountId: accounts[who]!, network, ...versions[who]! }, at).then((answer) => ({
          who,
          answer,
        }));
      }),
    );
    const winners = answers.filter(({ answer }) => answer.status === "activated");
    expect(winners).toHaveLength(1);
    const winner = winners[0]!.who;
    for (const { who, answer } of answers) {
      if (who === winner)
        expect(answer).toMatchObject({ grantId: (winners[0]!.answer as { grantId: string }).grantId });
      else expect(answer).toMatchObject({ status: "refused", reason: "usedByAnother" });
    }
    expect(await grantsOf(accounts[winner]!)).toHaveLength(1);
    expect(await grantsOf(accounts[1 - winner]!)).toHaveLength(0);
    expect(await endsOf(accounts[1 - winner]!)).toEqual([]);
    expect(await eventsOf(accounts[winner]!, "key.redeemed")).toHaveLength(1);
    expect(await eventsOf(accounts[1 - winner]!, "key.redeemed")).toHaveLength(0);
  });

  it("never lets an account's first two keys, redeemed at once, end the same day unasked", async () => {
    for (let round = 0; round < 12; round++) {
      const accountId = await makeAccount();
      const keys = (await makeKeys(database.url, { count: 2 })).keys;
      const versions = await Promise.all(keys.map((key) => shownFor(key, accountId)));
      const answers = await Promise.all(
        keys.map((key, index) => redeemKey({ key, accountId, network, ...versions[index]! }, at)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual(["activated", "previewChanged"]);

      const waiting = keys[answers.findIndex(({ status }) => status === "previewChanged")]!;
      expect((await rowOf(waiting)).state).toBe("issued");
      expect(await redeem(waiting, accountId)).toMatchObject({ status: "activated" });
      expect(await endsOf(accountId)).toEqual(["2028-11-23T14:05:00.000Z"]);
    }
  });

  it("asks again when two keys extend a running subscription at once, and loses neither term", async () => {
    const accountId = await makeAccount();
    await redeem(await keyOf({ months: 1 }), accountId);
    const keys = (await makeKeys(database.url, { count: 2 })).keys;
    const versions = await Promise.all(keys.map((key) => shownFor(key, accountId)));
    const answers = await Promise.all(
      keys.map((key, index) => redeemKey({ key, accountId, network, ...versions[index]! }, at)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(["activated", "previewChanged"]);
    const waiting = keys[answers.findIndex(({ status }) => status === "previewChanged")]!;
    await redeem(waiting, accountId);
    expect(await endsOf(accountId)).toEqual(["2028-12-23T14:05:00.000Z"]);
  });

  it("returns the first result when its owner repeats it, and adds nothing", async () => {
    const accountId = await makeAccount();
    const key = await keyOf();
    const shown = await shownFor(key, accountId);
    const first = await redeemKey({ key, accountId, network, ...shown }, at);
    const again = await redeemKey({ key, accountId, network, ...shown }, { now: new Date("2026-12-01T00:00:00Z") });
    const looked = await previewKey({ key, accountId, network }, at);
    expect(again).toEqual({ ...first, status: "alreadyYours" });
    expect(looked).toEqual(again);
    expect(await grantsOf(accountId)).toHaveLength(1);
    expect(await eventsOf(accountId, "key.redeemed")).toHaveLength(1);
  });

  it("leaves the key unspent when the shown offer has changed", async () => {
    const accountId = await makeAccount();
    const [first, second] = (await makeKeys(database.url, { count: 2 })).keys as [string, string];
    const stale = await shownFor(second, accountId);
    await redeem(first, accountId);
    expect(await redeemKey({ key: second, accountId, network, ...stale }, at)).toEqual({
      status: "previewChanged",
    });
    expect(await rowOf(second)).toMatchObject({ state: "issued", accountId: null, sealed: null, hint: null });
  });

  it("asks again when midnight in the person's zone has moved the shown end by a day", async () => {
    const accountId = await makeAccount({ timeZone: "Asia/Tokyo" });
    const key = await keyOf();
    const beforeMidnight = new Date("2026-11-23T14:59:59Z");
    const shown = await shownFor(key, accountId, beforeMidnight);
    expect(await redeemKey({ key, accountId, network, ...shown }, { now: new Date("2026-11-23T15:00:01Z") })).toEqual({
      status: "previewChanged",
    });
  });

  it("asks again when other keys have replaced those shown, even with the same end", async () => {
    const owner = { another: await makeAccount(), same: await makeAccount() };
    const keys = (await makeKeys(database.url, { count: 7 })).keys as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const lookupSecret = env().secrets.lookup;
    // Another subscription of the same product has replaced the one shown.
    await redeem(keys[0], owner.another);
    const first = await shownFor(keys[1], owner.another);
    await voidKey({ key: keys[0], reason: "refund" }, { now, lookupSecret });
    await redeem(keys[2], owner.another);
    expect(await redeemKey({ key: keys[1], accountId: owner.another, network, ...first }, at)).toEqual({
      status: "previewChanged",
    });
    // The same subscription, with another last key.
    await redeem(keys[3], owner.same);
    await redeem(keys[4], owner.same);
    const second = await shownFor(keys[5], owner.same);
    await voidKey({ key: keys[4], reason: "refund" }, { now, lookupSecret });
    await redeem(keys[6], owner.same);
    expect(await redeemKey({ key: keys[5], accountId: owner.same, network, ...second }, at)).toEqual({
      status: "previewChanged",
    });
  });

  it("is emailed to a confirmed address, once and without the key; an unconfirmed address gets nothing", async () => {
    const confirmed = await makeAccount({ emailVerifiedAt: now });
    const unconfirmed = await makeAccount();
    const told = async (accountId: string) => db().select().from(mail).where(eq(mail.accountId, accountId));
    for (const accountId of [confirmed, unconfirmed]) {
      const { keys } = await makeKeys(database.url);
      const shown = await shownFor(keys[0]!, accountId);
      const request = { key: keys[0]!, accountId, network, ...shown };
      await Promise.all([redeemKey(request, { now }), redeemKey(request, { now }), redeemKey(request, { now })]);
      expect(JSON.stringify(await told(accountId))).not.toContain(keys[0]!.slice(0, 20));
    }
    expect((await told(confirmed)).map(({ kind }) => kind)).toEqual(["key-redeemed"]);
    expect(await told(unconfirmed)).toEqual([]);
  });

  it("leaves the key unspent when the transaction fails half-way", async () => {
    const accountId = await makeAccount();
    const key = await keyOf();
    const shown = await shownFor(key, accountId);
    await db().execute(
      sql`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'`,
    );
    await db().execute(sql`CREATE TRIGGER fail BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION fail()`);
    try {
      await expect(redeemKey({ key, accountId, network, ...shown }, at)).rejects.toThrow();
    } finally {
      await db().execute(sql`DROP TRIGGER fail ON event`);
    }
    expect(await rowOf(key)).toMatchObject({ state: "issued", accountId: null });
    expect(await endsOf(accountId)).toEqual([]);
    expect(await redeem(key, accountId)).toMatchObject({ status: "activated" });
  });
});

describe("refusals", () => {
  it("come in their fixed order, each leaving the key as it was", async () => {
    const mine = await makeAccount({ country: "FR" });
    const other = await makeAccount();
    const withdrawn = await keyOf();
    await voidKey({ key: withdrawn, reason: "test" }, { now, lookupSecret: env().secrets.lookup });
    const used = await keyOf();
    await redeem(used, other);
    // Each key is refused for the first reason that applies.
    const inactive = await keyOf({ released: false, redeemBy: "2020-01-01", regions: ["US"] });
    const expired = await keyOf({ redeemBy: "2020-01-01", regions: ["US"] });
    const elsewhere = await keyOf({ regions: ["US"], months: 60 });
    const unknown = issueProductKey((n) => new Uint8Array(randomBytes(n)));

    const cases = { unknown, withdrawn, usedByAnother: used, notReleased: inactive, expired, region: elsewhere };
    for (const [reason, key] of Object.entries(cases)) {
      const before = reason === "unknown" ? null : await rowOf(key);
      expect(await previewKey({ key, accountId: mine, network }, at), reason).toMatchObject({
        status: "refused",
        reason,
      });
      expect(await redeemKey({ key, accountId: mine, network, ...anything }, at), reason).toMatchObject({
        status: "refused",
        reason,
      });
      if (before) expect(await rowOf(key), reason).toEqual(before);
    }
    expect(await endsOf(mine)).toEqual([]);
  });

  it("are decided again inside the transaction, so changes between review and confirmation are respected", async () => {
    const lookupSecret = env().secrets.lookup;
    const accountId = await makeAccount({ country: "FR" });
    const changes: Record<string, [string, () => Promise<unknown>]> = {};
    const withdrawn = await keyOf();
    changes.withdrawn = [withdrawn, () => voidKey({ key: withdrawn, reason: "test" }, { now, lookupSecret })];
    const { batchId, keys } = await makeKeys(database.url);
    changes.notReleased = [
      keys[0]!,
      () => db().execute(sql`UPDATE key_batch SET released_at = NULL WHERE id = ${batchId}`),
    ];
    const expiring = await makeKeys(database.url, { redeemBy: "2030-01-01" });
    changes.expired = [
      expiring.keys[0]!,
      () => db().execute(sql`UPDATE key_batch SET redeem_by = '2026-11-21' WHERE id = ${expiring.batchId}`),
    ];
    const french = await keyOf({ regions: ["FR"] });
    changes.region = [french, () => db().update(account).set({ country: "BE" }).where(eq(account.id, accountId))];

    for (const [reason, [key, change]] of Object.entries(changes)) {
      const shown = await shownFor(key, accountId);
      await change();
      expect(await redeemKey({ key, accountId, network, ...shown }, at), reason).toMatchObject({
        status: "refused",
        reason,
      });
      expect((await rowOf(key)).state, reason).toBe("issued");
    }
  });

  it("takes a redeem-by date as inclusive until it has ended everywhere on Earth", async () => {
    const accountId = await makeAccount();
    const key = await keyOf({ redeemBy: "2026-11-22" });
    const lastMoment = new Date("2026-11-23T11:59:59.999Z");
    const over = new Date("2026-11-23T12:00:00.000Z");
    expect(await previewKey({ key, accountId, network }, { now: over })).toMatchObject({
      reason: "expired",
      redeemBy: "2026-11-22",
    });
    expect(await redeemKey({ key, accountId, network, ...anything }, { now: over })).toMatchObject({
      reason: "expired",
    });
    expect(await redeem(key, accountId, lastMoment)).toMatchObject({ status: "activated" });
  });

  it("stop at five years from today, to the instant, and say from when on the key can be used", async () => {
    const accountId = await makeAccount();
    await redeem(await keyOf({ months: 48 }), accountId);
    const [fits, tooLong] = (await makeKeys(database.url, { months: 12, count: 2 })).keys as [string, string];
    expect(await redeem(fits, accountId)).toMatchObject({ status: "activated" });
    const refused = { status: "refused", reason: "ceiling", possibleFrom: addTerm(now, { months: 12, days: 0 }) };
    expect(await previewKey({ key: tooLong, accountId, network }, at)).toMatchObject(refused);
    expect(await redeemKey({ key: tooLong, accountId, network, ...anything }, at)).toMatchObject(refused);
    // The version is no secret, so a forged one must not help.
    const ledgers = await readLedger(accountId);
    const { overCeiling } = givingsFor({ months: 12, days: 0 }, ledgers, now);
    const forged = previewVersion({ product: "norton-360-deluxe", timeZone: "Europe/Paris" }, ledgers, [overCeiling!]);
    expect(
      await redeemKey({ key: tooLong, accountId, network, choice: "extend", previewVersion: forged }, at),
    ).toMatchObject(refused);
    expect((await rowOf(tooLong)).state).toBe("issued");
  });

  it("get one case code and one event however often the person looks", async () => {
    const accountId = await makeAccount();
    const key = await keyOf({ released: false });
    const codes = [];
    for (let look = 0; look < 3; look++) codes.push(await previewKey({ key, accountId, network }, at));
    expect(new Set(codes.map((one) => (one as { caseCode: string }).caseCode)).size).toBe(1);
    expect(await eventsOf(accountId, "key.refused")).toEqual([
      { action: "key.refused", subject: (codes[0] as { caseCode: string }).caseCode },
    ]);
  });
});

describe("a key whose grant was undone", () => {
  it("can be redeemed again by its owner; for everybody else it is used by another", async () => {
    const [owner, stranger] = [await makeAccount(), await makeAccount()];
    const key = await keyOf();
    const first = (await redeem(key, owner)) as { grantId: string };
    await db().execute(sql`UPDATE grant_entry SET undone_at = now() WHERE id = ${first.grantId}`);
    expect(await previewKey({ key, accountId: owner, network }, at)).toMatchObject({ status: "ready" });
    expect(await previewKey({ key, accountId: stranger, network }, at)).toMatchObject({ reason: "usedByAnother" });
    const again = (await redeem(key, owner)) as { status: string; grantId: string };
    expect(again.status).toBe("activated");
    expect(again.grantId).not.toBe(first.grantId);
  });
});

describe("what a redemption costs", () => {
  it("is one read for a review, a second one if there are subscriptions, and one write for a redemption", async () => {
    const accountId = await makeAccount({ emailVerifiedAt: now });
    for (const [choice, reads] of [
      ["start", 1],
      ["extend", 2],
    ] as const) {
      const key = await keyOf();
      const { result: shown, ...review } = await countStatements(() => shownFor(key, accountId));
      expect(shown.choice).toBe(choice);
      expect(review.statements).toHaveLength(reads);
      expect(review.commits).toBe(0);
      const { result, statements, commits } = await countStatements(() =>
        redeemKey({ key, accountId, network, ...shown }, at),
      );
      expect(result.status).toBe("activated");
      expect(statements).toHaveLength(reads + 1);
      expect(commits).toBe(1);
    }
  });

  it("is one statement for My Subscription", async () => {
    const accountId = await makeAccount();
    await redeem(await keyOf(), accountId);
    const { result, statements } = await countStatements(() => listSubscriptions({ accountId }, at));
    expect(result).toHaveLength(1);
    expect(statements).toHaveLength(1);
  });
});

describe("another account's data", () => {
  it("looks like data that does not exist: the redemption, its key, its subscriptions (S10)", async () => {
    const [owner, stranger] = [await makeAccount(), await makeAccount()];
    const key = await keyOf();
    const { grantId } = (await redeem(key, owner)) as { grantId: string };
    expect(await revealKey({ id: grantId, accountId: owner }, at)).toBe(key);
    expect(await revealKey({ id: grantId, accountId: stranger }, at)).toBeNull();
    expect(await findRedemption({ grantId, accountId: stranger }, at)).toBeNull();
    expect(await findRedemption({ grantId: crypto.randomUUID(), accountId: stranger }, at)).toBeNull();
    expect(await listSubscriptions({ accountId: stranger }, at)).toEqual([]);
    expect(await eventsOf(stranger, "key.shown")).toEqual([]);
    expect(await eventsOf(owner, "key.shown")).toHaveLength(1);
  });

  it("cannot be opened after its row was swapped or tampered with (S27)", async () => {
    const [one, two] = [await makeAccount(), await makeAccount()];
    const keys = (await makeKeys(database.url, { count: 2 })).keys as [string, string];
    const first = (await redeem(keys[0], one)) as { grantId: string };
    const second = (await redeem(keys[1], two)) as { grantId: string };
    const [a, b] = [await rowOf(keys[0]), await rowOf(keys[1])];
    await db().update(productKey).set({ sealed: b.sealed }).where(eq(productKey.id, a.id));
    await expect(revealKey({ id: first.grantId, accountId: one }, at)).rejects.toThrow();
    const tampered = Buffer.from(b.sealed!);
    tampered[tampered.length - 1]! ^= 1;
    await db().update(productKey).set({ sealed: tampered }).where(eq(productKey.id, b.id));
    await expect(revealKey({ id: second.grantId, accountId: two }, at)).rejects.toThrow();
  });
});

describe("withdrawing", () => {
  it("ends what a redeemed key gave, keeps days already used, and moves other keys' days earlier instead of losing them", async () => {
    const accountId = await makeAccount();
    const refunded = await keyOf({ months: 12 });
    await redeem(refunded, accountId);
    await redeem(await keyOf({ months: 6 }), accountId);
    const later = new Date("2027-01-23T14:05:00Z");
    const lookupSecret = env().secrets.lookup;
    expect(await voidKey({ key: refunded, reason: "refund" }, { now: later, lookupSecret })).toEqual({
      status: "voidedAndEnded",
    });
    expect(await voidKey({ key: refunded, reason: "refund" }, { now: later, lookupSecret })).toEqual({
      status: "alreadyVoid",
    });
    expect(await endsOf(accountId)).toEqual(["2027-07-23T14:05:00.000Z"]);
    expect(await previewKey({ key: refunded, accountId, network }, { now: later })).toMatchObject({
      reason: "withdrawn",
    });
  });

  it("invalidates earlier previews", async () => {
    const accountId = await makeAccount();
    const refunded = await keyOf({ months: 12 });
    await redeem(refunded, accountId);
    const key = await keyOf({ months: 6 });
    const shown = await shownFor(key, accountId);
    await voidKey({ key: refunded, reason: "refund" }, { now, lookupSecret: env().secrets.lookup });
    expect(await redeemKey({ key, accountId, network, ...shown }, at)).toEqual({ status: "previewChanged" });
  });

  it("a withdrawal between judging another key and spending it leaves that key unspent", async () => {
    const accountId = await makeAccount();
    const [refunded, key] = (await makeKeys(database.url, { count: 2 })).keys as [string, string];
    await redeem(refunded, accountId);
    const shown = await shownFor(key, accountId);
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE", [accountId]);
    const voided = voidKey({ key: refunded, reason: "refund" }, { now, lookupSecret: env().secrets.lookup });
    await untilSomeoneWaits();
    // Judged before the withdrawal, and next in the queue for its lock.
    const redeemed = redeemKey({ key, accountId, network, ...shown }, at);
    await untilSomeoneWaits(2);
    await other.query("COMMIT");
    await other.end();
    expect(await voided).toEqual({ status: "voidedAndEnded" });
    expect(await redeemed).toEqual({ status: "previewChanged" });
    expect((await rowOf(key)).state).toBe("issued");
  });
});

describe("a change of an account's coverage", () => {
  it("waits for a transaction that already changes it, for withdrawals and redemptions alike", async () => {
    const accountId = await makeAccount();
    const [held, next] = (await makeKeys(database.url, { count: 2 })).keys as [string, string];
    await redeem(held, accountId);
    const version = await shownFor(next, accountId);
    const changes = [
      () => redeemKey({ key: next, accountId, network, ...version }, at),
      () => voidKey({ key: held, reason: "refund" }, { now, lookupSecret: env().secrets.lookup }),
    ];
    for (const change of changes) {
      const other = new Client({ connectionString: database.url });
      await other.connect();
      await other.query("BEGIN");
      await other.query("SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE", [accountId]);
      const changed = change();
      await untilSomeoneWaits();
      await other.query("COMMIT");
      await other.end();
      await changed;
    }
  });
});

describe("the database", () => {
  const refused = (statement: ReturnType<typeof sql>) => expect(db().execute(statement)).rejects.toThrow();

  it("refuses to rewrite events and grants", async () => {
    const accountId = await makeAccount();
    const { grantId } = (await redeem(await keyOf(), accountId)) as { grantId: string };
    await refused(sql`UPDATE event SET action = 'x' WHERE account_id = ${accountId}`);
    await refused(sql`DELETE FROM event WHERE account_id = ${accountId}`);
    await refused(sql`TRUNCATE event CASCADE`);
    await refused(sql`DELETE FROM grant_entry WHERE id = ${grantId}`);
    await refused(sql`UPDATE grant_entry SET months = 99 WHERE id = ${grantId}`);
    await db().execute(sql`UPDATE grant_entry SET undone_at = now() WHERE id = ${grantId}`);
    await refused(sql`UPDATE grant_entry SET undone_at = NULL WHERE id = ${grantId}`);
    await refused(sql`UPDATE grant_entry SET undone_at = now() WHERE id = ${grantId}`);
  });

  it("refuses a second live grant of a key, a key with half an owner, a changed owner, and a moved withdrawal", async () => {
    const accountId = await makeAccount();
    const key = await keyOf();
    const { grantId, subscriptionId } = (await redeem(key, accountId)) as { grantId: string; subscriptionId: string };
    const { id } = await rowOf(key);
    await refused(sql`INSERT INTO grant_entry (subscription_id, key_id, months, days, granted_at)
      SELECT ${subscriptionId}, key_id, months, days, granted_at FROM grant_entry WHERE id = ${grantId}`);
    await refused(sql`UPDATE product_key SET sealed = NULL WHERE id = ${id}`);
    await refused(sql`UPDATE product_key SET state = 'issued' WHERE id = ${id}`);
    await refused(sql`UPDATE product_key SET account_id = ${await makeAccount()} WHERE id = ${id}`);
    await db().execute(sql`UPDATE product_key SET voided_at = now() WHERE id = ${id}`);
    await refused(sql`UPDATE product_key SET voided_at = now() + interval '1 day' WHERE id = ${id}`);
  });
});
