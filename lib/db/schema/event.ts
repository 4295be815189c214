import "server-only";
import { sql } from "drizzle-orm";
import { bigint, check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant, identity } from "@/lib/db/schema/columns";
import { account } from "@/lib/db/schema/account";

/** An event, for the account's owner and for audits. Append-only by trigger. It contains only ids and codes. */
export const event = pgTable(
  "event",
  {
    id: identity("id").primaryKey(),
    accountId: uuid("account_id").references(() => account.id),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    subject: text("subject"),
    at: instant("at").notNull(),
    details: jsonb("details").$type<Record<string, string | number>>().notNull().default({}),
  },
  (t) => [
    index("event_of_account").on(t.accountId, t.at),
    check("event_actor_is_known", sql`${t.actor} in ('account', 'operator', 'system', 'partner')`),
    // One refusal event per account and case code, because repeating a look-up adds no information.
    uniqueIndex("event_refusal_once")
      .on(t.accountId, t.subject)
      .where(sql`${t.action} = 'key.refused'`),
  ],
);

/** The personal part of an event, in a table of its own so that it can be erased while the event stays. */
export const eventPerson = pgTable("event_person", {
  eventId: bigint("event_id", { mode: "number" })
    .primaryKey()
    .references(() => event.id),
  addressPrefix: text("address_prefix"),
  userAgent: text("user_agent"),
});
