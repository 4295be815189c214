import "server-only";
import { and, eq, ne, type SQL } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent, type NewEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";

/** Changes the person's name. @param change.name 1 to 100 characters, trimmed */
export const changeName = ({ accountId, name }: { accountId: string; name: string }, { now }: { now: Date }) =>
  change(accountId, { name }, ne(account.name, name), { action: "account.name-changed", at: now });

/** Changes the language of the person's pages and emails. */
export const changeLocale = ({ accountId, locale }: { accountId: string; locale: string }, { now }: { now: Date }) =>
  change(accountId, { locale }, ne(account.locale, locale), {
    action: "account.locale-changed",
    at: now,
    details: { locale },
  });

/**
 * Changes the country or region, which decides which product keys can be activated from now on. Subscriptions stay.
 * @param change.country ISO 3166-1 alpha-2
 */
export const changeCountry = ({ accountId, country }: { accountId: string; country: string }, { now }: { now: Date }) =>
  change(accountId, { country }, ne(account.country, country), { action: "account.country-changed", at: now });

/** Changes the time zone in which dates and times are shown. No instant moves. @param change.timeZone IANA name */
export const changeTimeZone = (
  { accountId, timeZone }: { accountId: string; timeZone: string },
  { now }: { now: Date },
) => change(accountId, { timeZone }, ne(account.timeZone, timeZone), { action: "account.time-zone-changed", at: now });

/** Each change records one event. Setting the present value changes nothing and records none. */
const change = (
  accountId: string,
  values: Partial<typeof account.$inferInsert>,
  isNew: SQL | undefined,
  event: NewEvent,
): Promise<void> =>
  transaction(async (tx) => {
    const { rowCount } = await tx
      .update(account)
      .set(values)
      .where(and(eq(account.id, accountId), isNew));
    if (rowCount) await recordEvent(tx, { ...event, accountId });
  });
