import "server-only";
import { sql } from "drizzle-orm";
import { bigint, check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant, identity } from "@/lib/db/schema/columns";
import { account } from "@/lib/db/schema/account";

/** What happened, for people and for audit. Append-only by trigger; ids and codes only. */
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
    check("event_actor_known", sql`${t.actor} in ('account', 'operator', 'system')`),
    // One refusal event per account and case code: looking again at a refused key tells nothing new.
    uniqueIndex("event_refusal_once")
      .on(t.accountId, t.subject)
      .where(sql`${t.action} = 'key.refused'`),
  ],
);

/** The personal part of an event, apart so that it can be erased while the event stays. */
export const eventPerson = pgTable("event_person", {
  eventId: bigint("event_id", { mode: "number" })
    .primaryKey()
    .references(() => event.id),
  addressPrefix: text("address_prefix"),
  userAgent: text("user_agent"),
});
