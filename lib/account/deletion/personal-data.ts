import "server-only";
import { eq, getTableColumns, sql, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Transaction } from "@/lib/db/client";
import { tables } from "@/lib/db/schema/tables";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { activation, device, seat } from "@/lib/db/schema/device";
import { dispute } from "@/lib/db/schema/dispute";
import { event, eventPerson } from "@/lib/db/schema/event";
import { grantAmendment, grantEntry } from "@/lib/db/schema/ledger";
import { mail } from "@/lib/db/schema/mail";
import { appSession, authorizationRequest, handoff, spentRefreshToken } from "@/lib/db/schema/oauth";
import { idempotentAnswer, lease } from "@/lib/db/schema/partner";
import { passkey, passkeyChallenge, session } from "@/lib/db/schema/account";
import { heldKey, productKey, reminder, subscription } from "@/lib/db/schema/licence";

type TableName = keyof typeof tables;

type Rule = {
  /** Selects an account's rows. */
  of: (accountId: string) => SQL;
  /** Columns left out of the export: secrets, and ids that mean nothing outside the database. */
  withheld: string[];
  /**
   * What erasing the account does with its rows. Kept rows no longer lead to a person, because the account's row is
   * erased.
   */
  erase: "delete" | "keep" | ((tx: Transaction, accountId: string, now: Date) => Promise<unknown>);
};

const eventsOf = (accountId: string) => sql`(select id from ${event} where ${event.accountId} = ${accountId})`;
const subscriptionsOf = (accountId: string) =>
  sql`(select id from ${subscription} where ${subscription.accountId} = ${accountId})`;
const devicesOf = (accountId: string) => sql`(select id from ${device} where ${device.accountId} = ${accountId})`;
const appSessionsOf = (accountId: string) =>
  sql`(select id from ${appSession} where ${appSession.accountId} = ${accountId})`;
const grantsOf = (accountId: string) =>
  sql`(select id from ${grantEntry} where ${grantEntry.subscriptionId} in ${subscriptionsOf(accountId)})`;

/**
 * The personal data in every table; null for a table that has none. A new table does not compile until it is listed
 * here, so both the export and the erasure cover it.
 */
const rules: Record<TableName, Rule | null> = {
  setting: null,
  product: null,
  keyBatch: null,
  // Keyed digests, deleted within a day.
  limitCounter: null,
  signingKey: null,
  partner: null,
  partnerToken: null,
  partnerBatch: null,
  partnerCode: null,

  account: { of: (id) => eq(account.id, id), withheld: ["passwordHash"], erase: eraseAccountRow },
  session: {
    of: (id) => eq(session.accountId, id),
    withheld: ["tokenHash", "browserHash"],
    erase: "delete",
  },
  // Erased before the tokens, which it references.
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
  lease: { of: (id) => eq(lease.accountId, id), withheld: ["codeId"], erase: "keep" },
  heldKey: { of: (id) => eq(heldKey.accountId, id), withheld: ["sealed"], erase: "delete" },
  dispute: { of: (id) => eq(dispute.accountId, id), withheld: ["keyId"], erase: "delete" },
  handoff: {
    of: (id) => eq(handoff.accountId, id),
    withheld: ["lookup", "challenge", "sessionId"],
    erase: "delete",
  },
  authorizationRequest: {
    of: (id) => eq(authorizationRequest.accountId, id),
    withheld: ["codeHash", "codeChallenge", "state"],
    erase: "delete",
  },
  spentRefreshToken: {
    of: (id) => sql`${spentRefreshToken.appSessionId} in ${appSessionsOf(id)}`,
    withheld: ["hash"],
    erase: "delete",
  },
  appSession: {
    of: (id) => eq(appSession.accountId, id),
    withheld: ["refreshHash", "accessHash"],
    erase: "delete",
  },
  activation: { of: (id) => sql`${activation.deviceId} in ${devicesOf(id)}`, withheld: [], erase: "delete" },
  device: { of: (id) => eq(device.accountId, id), withheld: [], erase: "delete" },
  seat: { of: (id) => sql`${seat.subscriptionId} in ${subscriptionsOf(id)}`, withheld: [], erase: "keep" },
  // Answers to an app may name devices. A partner's program gets no personal data.
  idempotentAnswer: { of: (id) => eq(idempotentAnswer.caller, id), withheld: ["request"], erase: "delete" },
  reminder: { of: (id) => sql`${reminder.subscriptionId} in ${subscriptionsOf(id)}`, withheld: [], erase: "delete" },
  event: { of: (id) => eq(event.accountId, id), withheld: [], erase: "keep" },
  eventPerson: { of: (id) => sql`${eventPerson.eventId} in ${eventsOf(id)}`, withheld: [], erase: "delete" },
};

/** Every table with personal data, and the condition that selects an account's rows. */
export const personalTables = Object.entries(rules).flatMap(([name, rule]) =>
  rule ? [{ name, table: tables[name as TableName] as PgTable, ...rule }] : [],
);

/** Reads all personal data of an account, by table, without secrets. Bytes are base64url. */
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

/**
 * Erases an account's personal data. Its row stays without personal values; grants, keys and events still point to it.
 */
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
