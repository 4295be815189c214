import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { keepKey } from "@/lib/licence/keep-key";
import { queueReminders } from "@/lib/licence/reminders";
import { addTerm } from "@/lib/licence/term";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 15:05 in Paris. */
const began = new Date("2026-01-15T14:05:00Z");
const end = addTerm(began, { months: 12, days: 0 });
/** An instant some days before the end, at the same time of day. */
const before = (days: number, hours = 0) => new Date(end.getTime() - days * DAY + hours * HOUR);

async function subscriber(given: { emailVerifiedAt?: Date | null; timeZone?: string } = {}) {
  const accountId = await makeAccount({ emailVerifiedAt: began, ...given });
  await redeem(accountId, began);
  return accountId;
}

async function redeem(accountId: string, now: Date, months = 12) {
  const { keys } = await makeKeys(database.url, { months });
  expect((await redeemShown({ key: keys[0]!, accountId }, { now })).status).toBe("activated");
}

/** The reminders an account was sent, oldest first: kind and days. */
async function remindersOf(accountId: string): Promise<string[]> {
  const { rows } = await db().execute<{ kind: string; days: number }>(sql`
    SELECT kind, (details->>'days')::int AS days FROM mail
     WHERE account_id = ${accountId} AND kind LIKE 'subscription-%' ORDER BY created_at`);
  return rows.map(({ kind, days }) => `${kind} ${days}`);
}

/** Two servers look, hour by hour. */
async function pass(from: Date, to: Date): Promise<void> {
  for (let now = from.getTime(); now <= to.getTime(); now += 3 * HOUR) {
    await Promise.all([queueReminders({ now: new Date(now) }), queueReminders({ now: new Date(now) })]);
  }
}

describe("reminders before the end of a subscription", () => {
  it("are sent 30, 7 and 1 days before and on the day, once each, whatever number of servers look", async () => {
    const accountId = await subscriber();
    await pass(before(33), before(-1));
    expect(await remindersOf(accountId)).toEqual([30, 7, 1, 0].map((days) => `subscription-ends ${days}`));
  });

  it("come once and with the true number of days after a pause, and none comes for stages that have passed", async () => {
    const accountId = await subscriber();
    await queueReminders({ now: before(5) });
    await queueReminders({ now: before(5, 1) });
    expect(await remindersOf(accountId)).toEqual(["subscription-ends 5"]);
  });

  it("wait for the morning in the person's time zone", async () => {
    const accountId = await subscriber({ timeZone: "America/New_York" });
    // 08:05 and 09:05 there.
    await queueReminders({ now: before(7, -1) });
    expect(await remindersOf(accountId)).toEqual([]);
    await queueReminders({ now: before(7, 0) });
    expect(await remindersOf(accountId)).toEqual(["subscription-ends 7"]);
  });

  it("start again for the new end after an extension", async () => {
    const accountId = await subscriber();
    await queueReminders({ now: before(30) });
    await redeem(accountId, before(20));
    await pass(before(20), before(0));
    expect(await remindersOf(accountId)).toEqual(["subscription-ends 30"]);
    const nextEnd = addTerm(began, { months: 24, days: 0 });
    await queueReminders({ now: new Date(nextEnd.getTime() - 30 * DAY) });
    expect(await remindersOf(accountId)).toEqual(["subscription-ends 30", "subscription-ends 30"]);
  });

  it("say once that a kept key continues by itself, and nothing more", async () => {
    const accountId = await subscriber();
    const { keys } = await makeKeys(database.url);
    await keepKey({ key: keys[0]!, accountId, network: null, startsItself: true }, { now: began });
    await pass(before(31), before(0, -1));
    expect(await remindersOf(accountId)).toEqual(["subscription-continues 30"]);
  });

  it("tell nobody of an end that they have just seen", async () => {
    const accountId = await makeAccount({ emailVerifiedAt: began });
    await redeem(accountId, began, 1);
    const monthEnd = addTerm(began, { months: 1, days: 0 });
    await pass(began, new Date(began.getTime() + 3 * DAY));
    expect(await remindersOf(accountId)).toEqual([]);
    await queueReminders({ now: new Date(monthEnd.getTime() - 7 * DAY) });
    expect(await remindersOf(accountId)).toEqual(["subscription-ends 7"]);
  });

  it("do not come for a subscription that another one of its product outlasts", async () => {
    const accountId = await subscriber();
    await db().execute(sql`
      INSERT INTO subscription (account_id, product_code, ends_at)
      SELECT account_id, product_code, ends_at + interval '1 month' FROM subscription WHERE account_id = ${accountId}`);
    await queueReminders({ now: before(7) });
    expect(await remindersOf(accountId)).toEqual([]);
  });

  it("go to no unconfirmed address, and to nobody who turned them off", async () => {
    const unconfirmed = await subscriber({ emailVerifiedAt: null });
    const off = await subscriber();
    await db().execute(sql`UPDATE account SET reminders_off_at = now() WHERE id = ${off}`);
    await queueReminders({ now: before(7) });
    expect([await remindersOf(unconfirmed), await remindersOf(off)]).toEqual([[], []]);
    await db().execute(sql`UPDATE account SET reminders_off_at = NULL WHERE id = ${off}`);
    await queueReminders({ now: before(1) });
    expect(await remindersOf(off)).toEqual(["subscription-ends 1"]);
  });

  it("are found a page at a time, none is left out", async () => {
    const people = await Promise.all(Array.from({ length: 210 }, () => makeAccount({ emailVerifiedAt: began })));
    await db().execute(sql`
      INSERT INTO subscription (account_id, product_code, ends_at)
      SELECT id, 'norton-360-deluxe', ${before(-300).toISOString()}::timestamptz FROM unnest(${sql.param(people)}::uuid[]) id`);
    expect(await queueReminders({ now: before(-293) })).toBe(210);
    expect(await queueReminders({ now: before(-293) })).toBe(0);
  });
});
