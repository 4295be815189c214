import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { event } from "@/lib/db/schema/event";
import { keepKey } from "@/lib/licence/keep-key";
import { findMove, moveKey } from "@/lib/licence/move-key";
import { openMove, sealMove } from "@/lib/licence/sealed-move";
import { isKeyOfAny } from "@/lib/licence/owns-key";
import { startDueKeys } from "@/lib/licence/start-kept-key";
import { revealKey } from "@/lib/licence/reveal-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { addTerm } from "@/lib/licence/term";
import { voidKey } from "@/lib/licence/void-key";
import { env } from "@/lib/env";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const HOUR = 3_600_000;
const later = (ms: number) => new Date(now.getTime() + ms);
const newKey = async (given = {}) => (await makeKeys(database.url, given)).keys[0]!;
const person = (given = {}) => makeAccount({ emailVerifiedAt: now, ...given });
const holdings = (accountId: string, at = now) => getHoldings({ accountId, timeZone: "Europe/Paris" }, { now: at });

async function keptBy(accountId: string, given = {}) {
  const key = await newKey(given);
  const kept = await keepKey({ key, accountId, network: null, startsItself: true }, { now });
  if (kept.status !== "kept") throw new Error(kept.status);
  return { key, id: kept.keptId };
}

/** Moves as the two pages do: what the first one showed is what the second one does. */
async function moveShown({ id, from, to }: { id: string; from: string; to: string }, at = now) {
  const shown = await findMove({ id, accountId: from }, { now: at });
  return moveKey({ id, from, to, offeredAt: at, shownEnd: shown?.ends?.after?.toISOString() ?? "" }, { now: at });
}

const told = async (accountId: string) => {
  const events = await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id);
  const { rows } = await db().execute<{ kind: string }>(
    sql`SELECT kind FROM mail WHERE account_id = ${accountId} ORDER BY created_at, kind`,
  );
  return { actions: events.map(({ action }) => action), mails: rows.map(({ kind }) => kind) };
};

describe("moving a key to another account of its owner", () => {
  it("keeps it for later there with its whole term, shows it there only, and tells both", async () => {
    const [from, to] = [await person(), await person()];
    const { key, id } = await keptBy(from);
    expect(await moveShown({ id, from, to })).toEqual({ status: "moved" });
    expect((await holdings(from)).kept).toEqual([]);
    const [kept] = (await holdings(to)).kept;
    expect(kept).toMatchObject({ id, hint: key.slice(-5), startsAt: null, term: { months: 12, days: 0 } });
    expect(await revealKey({ id, accountId: to }, { now })).toBe(key);
    expect(await revealKey({ id, accountId: from }, { now })).toBeNull();
    expect(await told(from)).toEqual({
      actions: ["key.kept", "key.moved-away"],
      mails: ["key-kept", "key-moved-away"],
    });
    expect(await told(to)).toEqual({ actions: ["key.moved-here", "key.shown"], mails: ["key-moved-here"] });
  });

  it("names the kept key that starts by itself once the last running one has left", async () => {
    const [from, to] = [await person(), await person()];
    const key = await newKey();
    const redeemed = await redeemShown({ key, accountId: from }, { now });
    if (redeemed.status !== "activated") throw new Error(redeemed.status);
    const id = redeemed.grantId;
    expect(await findMove({ id, accountId: from }, { now })).toMatchObject({ startsNext: null });
    const next = await keptBy(from);
    expect(await findMove({ id, accountId: from }, { now })).toMatchObject({ startsNext: next.key.slice(-5) });
    expect(await findMove({ id: next.id, accountId: from }, { now })).toMatchObject({ startsNext: null });
    await moveShown({ id, from, to });
    expect((await holdings(from)).kept).toMatchObject([{ id: next.id, isDue: true }]);
    await startDueKeys({ now });
    expect((await holdings(from)).kept).toEqual([]);
  });

  it("happens once: the same request again gives the same answer and tells nobody", async () => {
    for (let round = 0; round < 5; round++) {
      const [from, to] = [await person(), await person()];
      const { id } = await keptBy(from);
      const all = await Promise.all(Array.from({ length: 8 }, () => moveShown({ id, from, to })));
      expect(all).toEqual(all.map(() => ({ status: "moved" })));
      expect((await told(to)).mails).toEqual(["key-moved-here"]);
    }
  });

  it("takes an activation of the last 24 hours back first, and later keys of the giver start earlier", async () => {
    const [from, to] = [await person(), await person()];
    const first = await redeemShown({ key: await newKey({ months: 3 }), accountId: from }, { now });
    if (first.status !== "activated") throw new Error(first.status);
    await redeemShown({ key: await newKey({ months: 12 }), accountId: from }, { now });
    expect(await moveShown({ id: first.grantId, from, to }, later(23 * HOUR))).toEqual({ status: "moved" });
    expect((await holdings(from)).subscriptions).toMatchObject([{ endsAt: addTerm(now, { months: 12, days: 0 }) }]);
    expect((await holdings(to)).kept).toMatchObject([{ term: { months: 3, days: 0 } }]);
  });

  it("is possible while none of the key's days has begun, and not once one has", async () => {
    const [from, to] = [await person(), await person()];
    const first = await redeemShown({ key: await newKey({ months: 3 }), accountId: from }, { now });
    const second = await redeemShown({ key: await newKey({ months: 12 }), accountId: from }, { now });
    if (first.status !== "activated" || second.status !== "activated") throw new Error("not activated");
    const at = later(25 * HOUR);
    expect(await moveShown({ id: first.grantId, from, to }, at)).toEqual({ status: "notPossible" });
    const [{ grants } = { grants: [] }] = (await holdings(from, at)).subscriptions;
    expect(grants.map(({ canMove }) => canMove)).toEqual([false, true]);
    expect(await moveShown({ id: second.grantId, from, to }, at)).toEqual({ status: "moved" });
    expect((await holdings(from, at)).subscriptions).toMatchObject([{ endsAt: addTerm(now, { months: 3, days: 0 }) }]);
  });

  it.each([
    ["somebody else's key", async () => ({ ...(await keptBy(await person())), from: await person() })],
    ["an unknown key", async () => ({ id: crypto.randomUUID(), from: await person() })],
    [
      "a withdrawn key",
      async () => {
        const from = await person();
        const { key, id } = await keptBy(from);
        await voidKey({ key, reason: "refunded" }, { now, lookupSecret: env().secrets.lookup });
        return { id, from };
      },
    ],
  ])("is refused for %s", async (_what, given) => {
    const { id, from } = await given();
    const to = await person();
    expect(await moveShown({ id, from, to })).toEqual({ status: "notPossible" });
    expect((await holdings(to)).kept).toEqual([]);
  });

  it("is refused to the same account, to an erased one, and beyond the region the key was sold for", async () => {
    const from = await person();
    const { id } = await keptBy(from, { regions: ["FR"] });
    expect(await moveShown({ id, from, to: from })).toEqual({ status: "notPossible" });
    const erased = await person({ erasedAt: now, passwordHash: null });
    expect(await moveShown({ id, from, to: erased })).toEqual({ status: "notPossible" });
    expect(await moveShown({ id, from, to: await person({ country: "US" }) })).toEqual({ status: "region" });
    expect((await holdings(from)).kept).toMatchObject([{ id }]);
  });

  it("waits until both have confirmed their address, because both are told by email", async () => {
    const [confirmed, unconfirmed] = [await person(), await makeAccount()];
    for (const [from, to] of [
      [confirmed, unconfirmed],
      [unconfirmed, confirmed],
    ] as const) {
      const { id } = await keptBy(from);
      expect(await moveShown({ id, from, to })).toEqual({ status: "unconfirmed", accountId: unconfirmed });
    }
  });

  it("moves nothing when the giver's dates are no longer those that were shown", async () => {
    const [from, to] = [await person(), await person()];
    const first = await redeemShown({ key: await newKey(), accountId: from }, { now });
    if (first.status !== "activated") throw new Error(first.status);
    const stale = { id: first.grantId, from, to, offeredAt: now, shownEnd: "" };
    await redeemShown({ key: await newKey(), accountId: from }, { now });
    expect(await moveKey(stale, { now })).toEqual({ status: "changed" });
    expect((await holdings(to)).kept).toEqual([]);
  });

  it("two keys moved crosswise at once wait for no deadlock", async () => {
    for (let round = 0; round < 10; round++) {
      const [one, two] = [await person(), await person()];
      const [mine, theirs] = [await keptBy(one), await keptBy(two)];
      const moved = await Promise.all([
        moveShown({ id: mine.id, from: one, to: two }),
        moveShown({ id: theirs.id, from: two, to: one }),
      ]);
      expect(moved).toEqual([{ status: "moved" }, { status: "moved" }]);
    }
  });

  it("a moved key no longer starts by itself, in neither account", async () => {
    const [from, to] = [await person(), await person()];
    await redeemShown({ key: await newKey({ months: 1 }), accountId: from }, { now });
    const { id } = await keptBy(from);
    await moveShown({ id, from, to });
    await startDueKeys({ now: later(60 * 24 * HOUR) });
    expect((await holdings(to)).kept).toMatchObject([{ id }]);
  });

  it("the database refuses any other change of a key's owner", async () => {
    const [from, to] = [await person(), await person()];
    const { id } = await keptBy(from);
    const give = (set: string) =>
      db().execute(sql`UPDATE product_key SET account_id = ${to} ${sql.raw(set)} WHERE kept_id = ${id}`);
    await expect(give(""), "sealed for the former owner").rejects.toThrow();
    await expect(
      db().execute(sql`UPDATE product_key SET account_id = NULL WHERE kept_id = ${id}`),
      "nobody's",
    ).rejects.toThrow();
    await give(", sealed = '\\x00'");
  });
});

describe("a confirmed move in the browser", () => {
  const offer = { id: crypto.randomUUID(), from: crypto.randomUUID(), shownEnd: "" };

  it("holds for 15 minutes", () => {
    const sealed = sealMove(offer, { now });
    expect(openMove(sealed, { now: later(15 * 60_000) })).toEqual({ ...offer, offeredAt: now });
    expect(openMove(sealed, { now: later(15 * 60_000 + 1) })).toBeNull();
  });

  it("cannot be made or changed by the browser", () => {
    const bytes = Buffer.from(sealMove(offer, { now }), "base64url");
    bytes[bytes.length - 1]! ^= 1;
    for (const text of ["", "x", bytes.toString("base64url")]) expect(openMove(text, { now })).toBeNull();
  });
});

describe("a confirmed move", () => {
  const MINUTE = 60_000;

  it.each(["password.changed", "password.reset", "account.email-restored", "session.others-ended"] as const)(
    "counts no more after %s: whoever was thrown out of the account takes no key along",
    async (action) => {
      const [owner, thief] = [await person(), await person()];
      const { id } = await keptBy(owner);
      const offer = { id, from: owner, to: thief, offeredAt: now, shownEnd: "" };
      await recordEvent(db(), { action, accountId: owner, at: later(MINUTE) });
      expect(await findMove({ id, accountId: owner }, { now: later(2 * MINUTE), offeredAt: now })).toBeNull();
      expect(await moveKey(offer, { now: later(2 * MINUTE) })).toEqual({ status: "notPossible" });
      const anew = { ...offer, offeredAt: later(3 * MINUTE) };
      expect(await moveKey(anew, { now: later(3 * MINUTE) })).toEqual({ status: "moved" });
    },
  );

  it("works once: a copy of it does not take the key again that was moved back", async () => {
    const [one, two] = [await person(), await person()];
    const { id } = await keptBy(one);
    const copied = { id, from: one, to: two, offeredAt: now, shownEnd: "" };
    expect(await moveKey(copied, { now })).toEqual({ status: "moved" });
    expect(await moveShown({ id, from: two, to: one }, later(MINUTE))).toEqual({ status: "moved" });
    expect(await moveKey(copied, { now: later(2 * MINUTE) })).toEqual({ status: "notPossible" });
    expect((await holdings(one)).kept).toHaveLength(1);
  });
});

describe("whether a key belongs to another account of this browser", () => {
  it("is told for kept and redeemed keys of those accounts only", async () => {
    const [one, two, stranger] = [await person(), await person(), await person()];
    const { key } = await keptBy(one);
    const redeemed = await newKey();
    await redeemShown({ key: redeemed, accountId: two }, { now });
    expect(await isKeyOfAny({ key, accountIds: [two, one] })).toBe(true);
    expect(await isKeyOfAny({ key: redeemed, accountIds: [two] })).toBe(true);
    expect(await isKeyOfAny({ key, accountIds: [stranger] })).toBe(false);
    expect(await isKeyOfAny({ key: await newKey(), accountIds: [one] })).toBe(false);
    expect(await isKeyOfAny({ key, accountIds: [] })).toBe(false);
  });
});
