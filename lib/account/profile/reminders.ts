import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { env } from "@/lib/env";

/** Turns the emails before the end of a subscription on or off. Setting the present value changes nothing. */
export async function changeReminders(
  { accountId, on }: { accountId: string; on: boolean },
  { now }: { now: Date },
): Promise<void> {
  await transaction(async (tx) => {
    const isNew = on ? isNotNull(account.remindersOffAt) : isNull(account.remindersOffAt);
    const { rowCount } = await tx
      .update(account)
      .set({ remindersOffAt: on ? null : now })
      .where(and(eq(account.id, accountId), isNull(account.erasedAt), isNew));
    const details = { to: on ? "on" : "off" };
    if (rowCount) await recordEvent(tx, { action: "account.reminders-changed", accountId, at: now, details });
  });
}

/** Whether an account gets reminders. Also false for one that does not exist. */
export async function hasReminders(accountId: string): Promise<boolean> {
  const found = await db()
    .select({ id: account.id })
    .from(account)
    .where(and(eq(account.id, accountId), isNull(account.erasedAt), isNull(account.remindersOffAt)));
  return found.length > 0;
}

/**
 * The token with which an email's link turns reminders off, without signing in. It works as long as the email is kept,
 * can do nothing else, and names nobody.
 */
export const reminderToken = (accountId: string): string => `${accountId}.${macOf(accountId)}`;

/** @returns the account of a token of {@link reminderToken}; null for any other text */
export function readReminderToken(token: string): string | null {
  const [accountId = "", mac = ""] = token.split(".");
  const right = Buffer.from(macOf(accountId));
  const given = Buffer.from(mac);
  return given.length === right.length && timingSafeEqual(given, right) ? accountId : null;
}

const macOf = (accountId: string): string =>
  createHmac("sha256", env().secrets.auth).update(`reminders:${accountId}`).digest("base64url");
