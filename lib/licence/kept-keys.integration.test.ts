import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { productKey } from "@/lib/db/schema/licence";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { previewKey } from "@/lib/licence/preview-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { startIfKept } from "@/lib/licence/self-starts";
import { startDueKeys, startKeptKey } from "@/lib/licence/start-kept-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { addTerm } from "@/lib/licence/term";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { env } from "@/lib/env";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown, showPreview } from "@/lib/testing/redeem";

const database = withTestDatabase();

const HOUR = 3_600_000;
const now = new Date("2026-11-23T14:05:00Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const months = (count: number, from = now) => addTerm(from, { months: count, days: 0 });
const timeZone = "Europe/Paris";

const newKey = async (given = {}) => (await makeKeys(database.url, given)).keys[0]!;
const holdings = (accountId: string, at = now) => getHoldings({ accountId, timeZone }, { now: at });
const actionsOf = async (accountId: string) =>
  (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id)).map(({ action }) => action);

async function keep(accountId: string, given = {}, startsItself = false, at = now) {
  const key = await newKey(given);
  const kept = await keepKey({ key, accountId, network: null, startsItself }, { now: at });
  if (kept.status !== "kept") throw new Error(kept.status);
  return { key, accountId, keptId: kept.keptId };
}

async function startShown(accountId: string, keptId: string, at = now) {
  const shown = (await holdings(accountId, at)).kept.find(({ id }) => id === keptId)!;
  return startKeptKey({ keptId, accountId, previewVersion: shown.version }, { now: at });
}

async function undoShown(accountId: string, grantId: string, at = now) {
  const undo = (await findUndo({ grantId, accountId }, { now: at }))!;
  return undoRedemption({ grantId, accountId, shownEnd: undo.endsAfter?.toISOString() ?? "" }, { now: at });
}

describe("a key kept for later", () => {
  it("belongs to its account, gives nothing yet, and is told once however often it is kept", async () => {
    const accountId = await makeAccount({ emailVerifiedAt: now });
    const { key, keptId } = await keep(accountId);
    expect(await keepKey({ key, accountId, network: null, startsItself: false }, { now })).toEqual({
      status: "kept",
      keptId,
    });
    const { subscriptions, kept } = await holdings(accountId);
    expect(subscriptions).toEqual([]);
    expect(kept).toMatchObject([
      {
        id: keptId,
        hint: key.slice(-5),
        startsAt: null,
        withdrawnAt: null,
        gives: { kind: "start", endsAt: months(12) },
      },
    ]);
    expect(await actionsOf(accountId)).toEqual(["key.kept"]);
    const { rows } = await db().execute(sql`SELECT kind FROM mail WHERE account_id = ${accountId}`);
    expect(rows).toEqual([{ kind: "key-kept" }]);
    const another = await makeAccount();
    expect(await previewKey({ key, accountId: another, network: null }, { now })).toMatchObject({
      status: "refused",
      reason: "usedByAnother",
    });
    expect(await startShown(accountId, keptId)).toMatchObject({ status: "activated" });
    expect(await startKeptKey({ keptId, accountId: another, previewVersion: "x" }, { now })).toEqual({
      status: "unknown",
    });
  });

  it("is won by one of two accounts that keep or redeem it at once", async () => {
    for (let round = 0; round < 10; round++) {
      const [one, two] = [await makeAccount(), await makeAccount()];
      const key = await newKey();
      const shown = await showPreview({ key, accountId: two }, { now });
      const [kept, redeemed] = await Promise.all([
        keepKey({ key, accountId: one, network: null, startsItself: false }, { now }),
        redeemKey({ key, accountId: two, network: null, ...shown }, { now }),
      ]);
      expect([kept.status, redeemed.status].filter((status) => ["kept", "activated"].includes(status))).toHaveLength(1);
      const [row] = await db()
        .select()
        .from(productKey)
        .where(eq(productKey.lookup, lookupDigest(key)));
      expect(row!.accountId).toBe(kept.status === "kept" ? one : two);
    }
  });

  it("can be started past its last day, because the terms of sale were met when it was kept", async () => {
    const accountId = await makeAccount();
    const { keptId } = await keep(accountId, { redeemBy: "2026-11-30" });
    expect(await startShown(accountId, keptId, months(3))).toMatchObject({ status: "activated" });
  });

  it("extends the running subscription, starts once, and starts nothing that was not shown", async () => {
    const accountId = await makeAccount();
    const { keptId } = await keep(accountId);
    const before = (await holdings(accountId)).kept[0]!;
    await redeemShown({ key: await newKey(), accountId }, { now });
    expect(await startKeptKey({ keptId, accountId, previewVersion: before.version }, { now })).toEqual({
      status: "previewChanged",
    });
    const { version: previewVersion } = (await holdings(accountId)).kept[0]!;
    const start = () => startKeptKey({ keptId, accountId, previewVersion }, { now });
    const again = await Promise.all([start(), start()]);
    expect(again.map(({ status }) => status).sort()).toEqual(["activated", "alreadyYours"].sort());
    const { subscriptions, kept } = await holdings(accountId);
    expect(kept).toEqual([]);
    expect(subscriptions.map(({ endsAt }) => endsAt)).toEqual([months(24)]);
  });

  it("that was withdrawn cannot be started", async () => {
    const accountId = await makeAccount();
    const { key, keptId } = await keep(accountId);
    await voidKey({ key, reason: "refunded" }, { now, lookupSecret: env().secrets.lookup });
    expect((await holdings(accountId)).kept).toMatchObject([{ withdrawnAt: now, gives: null }]);
    expect(await startShown(accountId, keptId)).toEqual({ status: "notPossible" });
  });
});

describe("a key that starts by itself", () => {
  async function runningWith(...terms: number[]) {
    const accountId = await makeAccount();
    await redeemShown({ key: await newKey({ months: 1 }), accountId }, { now });
    const kept = [];
    for (const [index, term] of terms.entries()) kept.push(await keep(accountId, { months: term }, true, later(index)));
    return { accountId, kept };
  }

  it("does nothing while its product runs, then continues it without a gap, once, with two servers and a day late", async () => {
    const { accountId } = await runningWith(12);
    const end = months(1);
    expect((await holdings(accountId)).kept).toMatchObject([{ startsAt: end }]);
    await startDueKeys({ now: new Date(end.getTime() - 1) });
    expect((await holdings(accountId)).kept).toHaveLength(1);

    const late = new Date(end.getTime() + 24 * HOUR);
    await Promise.all([startDueKeys({ now: late }), startDueKeys({ now: late })]);
    const { subscriptions, kept } = await holdings(accountId, late);
    expect(kept).toEqual([]);
    expect(subscriptions).toHaveLength(1);
    expect(subscriptions[0]!.endsAt).toEqual(months(13));
    expect(subscriptions[0]!.grants.map(({ part }) => part)).toEqual([
      { startsAt: now, endsAt: end },
      { startsAt: end, endsAt: months(13) },
    ]);
    const { rows } = await db().execute(
      sql`SELECT actor FROM event WHERE account_id = ${accountId} AND action = 'key.redeemed' ORDER BY id`,
    );
    expect(rows).toEqual([{ actor: "account" }, { actor: "system" }]);
  });

  it("follows another one, each in its turn, after months without a server", async () => {
    const { accountId } = await runningWith(2, 3);
    await startDueKeys({ now: months(12) });
    const { subscriptions, kept } = await holdings(accountId, months(12));
    expect(kept).toEqual([]);
    expect(subscriptions[0]!.endsAt).toEqual(months(6));
  });

  it("loses no day when the end was moved into the past by a withdrawal", async () => {
    const accountId = await makeAccount();
    const first = await newKey({ months: 12 });
    await redeemShown({ key: first, accountId }, { now });
    await keep(accountId, { months: 12 }, true);
    const withdrawn = months(2);
    await voidKey({ key: first, reason: "refunded" }, { now: withdrawn, lookupSecret: env().secrets.lookup });
    await startDueKeys({ now: new Date(withdrawn.getTime() + HOUR) });
    const { subscriptions } = await holdings(accountId, months(3));
    expect(subscriptions[0]!.endsAt).toEqual(months(12, withdrawn));
  });

  it("loses no day when the one before it is undone after it had started", async () => {
    const { accountId } = await runningWith(12, 3);
    const end = months(1);
    await startDueKeys({ now: end });
    const undone = new Date(end.getTime() + 2 * HOUR);
    const started = (await holdings(accountId, undone)).subscriptions[0]!.grants.at(-1)!;
    expect(await undoShown(accountId, started.id, undone)).toMatchObject({ status: "undone" });
    await startDueKeys({ now: new Date(end.getTime() + 5 * HOUR) });
    const { subscriptions, kept } = await holdings(accountId, months(2));
    expect(subscriptions[0]!.endsAt).toEqual(months(3, undone));
    expect(kept).toHaveLength(1);
  });

  it("starts no day before a withdrawal was taken back", async () => {
    const { accountId, kept } = await runningWith(12);
    const [means, key] = [{ lookupSecret: env().secrets.lookup }, kept[0]!.key];
    await voidKey({ key, reason: "withdrawn" }, { now: later(HOUR), ...means });
    await startDueKeys({ now: months(3) });
    await restoreKey({ key, reason: "mistake" }, { now: months(3), ...means });
    await startDueKeys({ now: months(4) });
    expect((await holdings(accountId, months(4))).subscriptions[0]!.endsAt).toEqual(months(15));
  });

  it("starts no day before its owner wanted it to start by itself", async () => {
    const accountId = await makeAccount();
    await redeemShown({ key: await newKey({ months: 1 }), accountId }, { now });
    const { key } = await keep(accountId);
    await keepKey({ key, accountId, network: null, startsItself: true }, { now: months(3) });
    await startDueKeys({ now: months(4) });
    expect((await holdings(accountId, months(4))).subscriptions[0]!.endsAt).toEqual(months(15));
  });

  it("of five years starts too where a leap day would take the end past the ceiling", async () => {
    const accountId = await makeAccount();
    const begun = new Date("2026-01-31T14:05:00Z");
    await redeemShown({ key: await newKey({ months: 13 }), accountId }, { now: begun });
    await keep(accountId, { months: 60 }, true, begun);
    const end = new Date("2027-02-28T14:05:00Z");
    expect(await startDueKeys({ now: end })).toBe(1);
    const { subscriptions } = await holdings(accountId, end);
    expect(subscriptions[0]!.endsAt).toEqual(months(60, end));
  });

  it("is started although a hundred others have nothing to follow", async () => {
    const idle = await makeAccount();
    const { keys } = await makeKeys(database.url, { count: 100 });
    for (const key of keys) await keepKey({ key, accountId: idle, network: null, startsItself: true }, { now });
    const { accountId } = await runningWith(12);
    expect(await startDueKeys({ now: months(2) })).toBe(1);
    expect((await holdings(accountId, months(2))).kept).toEqual([]);
    expect((await holdings(idle, months(2))).kept).toHaveLength(100);
  });

  it("names the day on which it starts, and each one that follows it", async () => {
    const { accountId, kept } = await runningWith(12, 3, 6);
    await keep(accountId, { months: 1 }, false, later(3));
    const alone = await keep(accountId, { product: "norton-360-standard" }, true, later(4));
    const shown = (await holdings(accountId)).kept;
    expect(shown.map(({ startsAt }) => startsAt)).toEqual([months(1), months(13), months(16), null, null]);
    expect(shown.some(({ isDue }) => isDue)).toBe(false);

    for (const [index, { keptId }] of kept.entries()) {
      const at = shown[index]!.startsAt!;
      await startDueKeys({ now: new Date(at.getTime() - 1) });
      expect((await holdings(accountId, at)).kept.map(({ id }) => id)).toContain(keptId);
      await startDueKeys({ now: at });
      expect((await holdings(accountId, at)).kept.map(({ id }) => id)).not.toContain(keptId);
    }
    expect((await holdings(accountId, months(40))).kept.map(({ id }) => id)).toContain(alone.keptId);
  });

  it("starts on the day that was shown before it was kept, after those kept earlier", async () => {
    const { accountId } = await runningWith(12);
    const wanted = { accountId, product: "norton-360-deluxe" as const, term: { months: 3, days: 0 } };
    expect(await startIfKept(wanted, { now })).toEqual(months(13));
    await keep(accountId, { months: 3 }, true, later(1));
    expect((await holdings(accountId)).kept.at(-1)!.startsAt).toEqual(months(13));
    expect(await startIfKept(wanted, { now })).toEqual(months(16));
    expect(await startIfKept({ ...wanted, product: "norton-360-standard" }, { now })).toBeNull();
    for (const end of [1, 13, 16]) await startDueKeys({ now: months(end) });
  });

  it("is named before an undo that would start it, and is said to be due afterwards", async () => {
    const { accountId, kept } = await runningWith(12, 3);
    const [grant] = (await holdings(accountId)).subscriptions[0]!.grants;
    const hints = (await holdings(accountId)).kept.map(({ hint }) => hint);
    const undo = await findUndo({ grantId: grant!.id, accountId }, { now });
    expect(undo).toMatchObject({ endsAfter: null, startsNext: hints[0] });

    await undoShown(accountId, grant!.id);
    const left = (await holdings(accountId)).kept;
    const dueOf = (id: string) => left.find((key) => key.id === id)!;
    expect(kept.map(({ keptId }) => dueOf(keptId).isDue)).toEqual([true, false]);
    expect(dueOf(kept[1]!.keptId).startsAt).toEqual(months(12));
    await startDueKeys({ now });
    expect((await holdings(accountId)).kept.map(({ id }) => id)).not.toContain(kept[0]!.keptId);
    await startDueKeys({ now: months(24) });
  });

  it("is not named before an undo that leaves another subscription to its product running", async () => {
    const { accountId } = await runningWith(12);
    const key = await newKey({ months: 1 });
    const { previewVersion } = await showPreview({ key, accountId }, { now });
    const added = await redeemKey({ key, accountId, network: null, choice: "add", previewVersion }, { now });
    if (added.status !== "activated") throw new Error(added.status);
    const undo = await findUndo({ grantId: added.grantId, accountId }, { now });
    expect(undo).toMatchObject({ endsAfter: null, startsNext: null });
    await startDueKeys({ now: months(24) });
  });

  it("leaves keys alone that their owner starts, that were withdrawn, or whose account is erased", async () => {
    const accountId = await makeAccount();
    await keep(accountId, {}, false);
    const withdrawn = await makeAccount();
    await redeemShown({ key: await newKey({ months: 1 }), accountId: withdrawn }, { now });
    const { key } = await keep(withdrawn, {}, true);
    await voidKey({ key, reason: "refunded" }, { now, lookupSecret: env().secrets.lookup });
    const erased = await makeAccount();
    await redeemShown({ key: await newKey({ months: 1 }), accountId: erased }, { now });
    await keep(erased, {}, true);
    await db().execute(sql`UPDATE account SET erased_at = now(), password_hash = NULL WHERE id = ${erased}`);
    expect(await startDueKeys({ now: months(2) })).toBe(0);
  });
});

describe("undoing an activation", () => {
  it("keeps the key for later with its whole term, and moves later grants earlier", async () => {
    const accountId = await makeAccount();
    const grants = [];
    for (const count of [1, 12, 3]) {
      const made = await redeemShown({ key: await newKey({ months: count }), accountId }, { now });
      grants.push((made as { grantId: string }).grantId);
    }
    const undo = await findUndo({ grantId: grants[1]!, accountId }, { now });
    expect(undo).toMatchObject({ endsAt: months(16), endsAfter: months(4), until: later(24 * HOUR) });
    expect(await undoShown(accountId, grants[1]!)).toMatchObject({ status: "undone" });
    const { subscriptions, kept } = await holdings(accountId);
    expect(subscriptions[0]!.endsAt).toEqual(months(4));
    expect(kept).toMatchObject([{ term: { months: 12, days: 0 }, gives: { endsAt: months(16) } }]);
    expect(await startShown(accountId, kept[0]!.id)).toMatchObject({ status: "activated" });
    expect((await holdings(accountId)).subscriptions[0]!.endsAt).toEqual(months(16));
  });

  it("of the only key leaves no subscription, and repeating it has the same answer", async () => {
    const accountId = await makeAccount();
    const made = (await redeemShown({ key: await newKey(), accountId }, { now })) as { grantId: string };
    // Both were shown the same before either pressed.
    const undo = () => undoRedemption({ grantId: made.grantId, accountId, shownEnd: "" }, { now: later(HOUR) });
    const [first, second] = await Promise.all([undo(), undo()]);
    expect(first).toMatchObject({ status: "undone" });
    expect(second).toEqual(first);
    expect((await holdings(accountId, later(HOUR))).subscriptions).toEqual([]);
    expect((await actionsOf(accountId)).filter((action) => action === "key.undone")).toHaveLength(1);
  });

  it("is possible for 24 hours, for its owner, and only with the end that was shown", async () => {
    const accountId = await makeAccount();
    const made = (await redeemShown({ key: await newKey(), accountId }, { now })) as { grantId: string };
    const owned = { grantId: made.grantId, accountId };
    const another = { ...owned, accountId: await makeAccount() };
    expect(await findUndo(owned, { now: later(24 * HOUR - 1) })).not.toBeNull();
    expect(await findUndo(owned, { now: later(24 * HOUR) })).toBeNull();
    expect(await undoRedemption({ ...owned, shownEnd: "" }, { now: later(24 * HOUR) })).toEqual({
      status: "notPossible",
    });
    expect(await undoRedemption({ ...another, shownEnd: "" }, { now })).toEqual({ status: "notPossible" });
    await redeemShown({ key: await newKey(), accountId }, { now });
    expect(await undoRedemption({ ...owned, shownEnd: "" }, { now })).toEqual({ status: "changed" });
  });

  it("is possible for 24 hours in all activations of a key, so that none protects longer than it was bought for", async () => {
    const accountId = await makeAccount();
    await redeemShown({ key: await newKey({ months: 1 }), accountId }, { now });
    const active = async (at: Date) => (await holdings(accountId, at)).subscriptions.find(({ endsAt }) => endsAt > at)!;
    const first = later(20 * HOUR);
    expect(await undoShown(accountId, (await active(first)).grants[0]!.id, first)).toMatchObject({ status: "undone" });
    await startShown(accountId, (await holdings(accountId, first)).kept[0]!.id, first);
    const grantId = (await active(first)).grants[0]!.id;
    expect((await active(first)).grants[0]!.undoUntil).toEqual(later(24 * HOUR));
    expect(await findUndo({ grantId, accountId }, { now: later(24 * HOUR) })).toBeNull();
    expect(await findUndo({ grantId, accountId }, { now: later(24 * HOUR - 1) })).toMatchObject({
      until: later(24 * HOUR),
    });
  });

  it("is possible 24 times for one key at most, so that nobody makes a ledger longer for ever", async () => {
    const accountId = await makeAccount();
    await redeemShown({ key: await newKey({ months: 1 }), accountId }, { now });
    let undone = 0;
    for (; undone < 30; undone++) {
      const { grants } = (await holdings(accountId, later(undone))).subscriptions[0]!;
      if (!(await findUndo({ grantId: grants.at(-1)!.id, accountId }, { now: later(undone) }))) break;
      await undoShown(accountId, grants.at(-1)!.id, later(undone));
      await startShown(accountId, (await holdings(accountId, later(undone))).kept[0]!.id, later(undone));
    }
    expect(undone).toBe(24);
  });

  it("of a withdrawn key is not possible", async () => {
    const accountId = await makeAccount();
    const key = await newKey();
    const made = (await redeemShown({ key, accountId }, { now })) as { grantId: string };
    await voidKey({ key, reason: "refunded" }, { now: later(HOUR), lookupSecret: env().secrets.lookup });
    expect(await findUndo({ grantId: made.grantId, accountId }, { now: later(HOUR) })).toBeNull();
  });
});

describe("a key is kept, redeemed and taken back", () => {
  it("only whole: the database refuses a kept key without owner, date or name", async () => {
    const accountId = await makeAccount();
    const { keptId } = await keep(accountId);
    for (const column of ["account_id", "sealed", "hint", "kept_at", "kept_id"]) {
      await expect(
        transaction((tx) =>
          tx.execute(sql`UPDATE product_key SET ${sql.identifier(column)} = NULL WHERE kept_id = ${keptId}`),
        ),
        column,
      ).rejects.toThrow();
    }
  });
});
