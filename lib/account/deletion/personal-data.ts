import "server-only";
import { eq, getTableColumns, sql, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Transaction } from "@/lib/db/client";
import { tables } from "@/lib/db/schema/tables";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { event, eventPerson } from "@/lib/db/schema/event";
import { grantAmendment, grantEntry } from "@/lib/db/schema/licence";
import { mail } from "@/lib/db/schema/mail";
import { passkey, passkeyChallenge, session } from "@/lib/db/schema/account";
import { productKey, subscription } from "@/lib/db/schema/licence";

type TableName = keyof typeof tables;

type Rule = {
  /** Which rows are a person's. */
  of: (accountId: string) => SQL;
  /** Columns that open something or mean nothing outside of the database; everything else is exported. */
  withheld: string[];
  /** What is done with the rows when the account is erased: `keep` is for what holds nothing personal. */
  erase: "delete" | "keep" | ((tx: Transaction, accountId: string, now: Date) => Promise<unknown>);
};

const eventsOf = (accountId: string) => sql`(select id from ${event} where ${event.accountId} = ${accountId})`;
const subscriptionsOf = (accountId: string) =>
  sql`(select id from ${subscription} where ${subscription.accountId} = ${accountId})`;
const grantsOf = (accountId: string) =>
  sql`(select id from ${grantEntry} where ${grantEntry.subscriptionId} in ${subscriptionsOf(accountId)})`;

/**
 * What every table holds of a person. Null: nobody's. A new table does not compile until it stands here, for the export
 * and for erasure alike.
 */
const rules: Record<TableName, Rule | null> = {
  setting: null,
  product: null,
  keyBatch: null,
  // Keyed digests, forgotten within a day.
  limitCounter: null,

  account: { of: (id) => eq(account.id, id), withheld: ["passwordHash"], erase: eraseAccountRow },
  session: {
    of: (id) => eq(session.accountId, id),
    withheld: ["tokenHash", "browserHash"],
    erase: "delete",
  },
  // Before the tokens, which it refers to.
  mail: { of: (id) => eq(mail.accountId, id), withheld: ["claimId"], erase: "delete" },
  oneTimeToken: { of: (id) => eq(oneTimeToken.accountId, id), withheld: ["hash"], erase: "delete" },
  passkey: { of: (id) => eq(passkey.accountId, id), withheld: [], erase: "delete" },
  passkeyChallenge: { of: (id) => eq(passkeyChallenge.accountId, id), withheld: ["challenge"], erase: "delete" },
  // The keys themselves are shown on My Subscription.
  productKey: { of: (id) => eq(productKey.accountId, id), withheld: ["lookup", "sealed"], erase: "keep" },
  subscription: { of: (id) => eq(subscription.accountId, id), withheld: [], erase: "keep" },
  grantEntry: {
    of: (id) => sql`${grantEntry.subscriptionId} in ${subscriptionsOf(id)}`,
    withheld: [],
    erase: "keep",
  },
  grantAmendment: { of: (id) => sql`${grantAmendment.grantId} in ${grantsOf(id)}`, withheld: [], erase: "keep" },
  event: { of: (id) => eq(event.accountId, id), withheld: [], erase: "keep" },
  eventPerson: { of: (id) => sql`${eventPerson.eventId} in ${eventsOf(id)}`, withheld: [], erase: "delete" },
};

/** Every table that holds something of a person, and which of its rows are an account's. */
export const personalTables = Object.entries(rules).flatMap(([name, rule]) =>
  rule ? [{ name, table: tables[name as TableName] as PgTable, ...rule }] : [],
);

/** Everything the database holds of a person, by table, without what opens something. Bytes are base64url. */
export async function getPersonalData(tx: Transaction, accountId: string): Promise<Record<string, object[]>> {
  const found: Record<string, object[]> = {};
  for (const { name, table, of, withheld } of personalTables) {
    const columns = Object.entries(getTableColumns(table)).filter(([column]) => !withheld.includes(column));
    const rows = await tx
      .select(Object.fromEntries(columns) as Record<string, PgColumn>)
      .from(table)
      .where(of(accountId));
    found[name] = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          Buffer.isBuffer(value) ? value.toString("base64url") : value,
        ]),
      ),
    );
  }
  return found;
}

/** Takes the person out of every table; what was given and used stays, of nobody. */
export async function erasePersonalData(tx: Transaction, accountId: string, now: Date): Promise<void> {
  for (const { table, of, erase } of personalTables) {
    if (erase === "delete") await tx.delete(table).where(of(accountId));
    else if (erase !== "keep") await erase(tx, accountId, now);
  }
}

async function eraseAccountRow(tx: Transaction, accountId: string, now: Date) {
  await tx
    .update(account)
    .set({
      email: `${accountId}@erased.invalid`,
      name: "erased",
      passwordHash: null,
      country: "ZZ",
      locale: "en",
      timeZone: "UTC",
      emailVerifiedAt: null,
      remindersOffAt: null,
      leavesAt: null,
      erasedAt: now,
    })
    .where(eq(account.id, accountId));
}
