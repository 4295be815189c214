import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { changeReminders, hasReminders, readReminderToken, reminderToken } from "@/lib/account/profile/reminders";
import { db } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");

it("reminders are turned off and on, and each change is told once", async () => {
  const accountId = await makeAccount();
  const seen = [await hasReminders(accountId)];
  for (const on of [false, false, true, true]) {
    await changeReminders({ accountId, on }, { now });
    seen.push(await hasReminders(accountId));
  }
  expect(seen).toEqual([true, false, false, true, true]);
  const events = await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id);
  expect(events.map(({ action, details }) => [action, details["to"]])).toEqual([
    ["account.reminders-changed", "off"],
    ["account.reminders-changed", "on"],
  ]);
  expect(await hasReminders(crypto.randomUUID())).toBe(false);
});

it("the token that turns reminders off is its account's alone", () => {
  const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const token = reminderToken(one);
  expect(readReminderToken(token)).toBe(one);
  const forged = ["", one, `${one}.`, token.slice(0, -1), `${token}x`, token.replace(one, other)];
  for (const text of forged) expect(readReminderToken(text), text).toBeNull();
});
