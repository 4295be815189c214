import "server-only";
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { citext, instant } from "@/lib/db/schema/columns";
import { account, oneTimeToken } from "@/lib/db/schema/account";

/** Every mail there is to send, written together with what it tells; a job names it by its id. */
export const mail = pgTable(
  "mail",
  {
    id: uuid("id").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    recipient: citext("recipient").notNull(),
    /** For mails with a link or code. */
    tokenId: uuid("token_id").references(() => oneTimeToken.id, { onDelete: "cascade" }),
    details: jsonb("details").$type<Record<string, string | number>>().notNull().default({}),
    createdAt: instant("created_at").notNull(),
    endedAt: instant("ended_at"),
    outcome: text("outcome"),
    /** How often sending it was begun. */
    tries: integer("tries").notNull().default(0),
    /** What the mail server said last. */
    lastError: text("last_error"),
  },
  (t) => [
    index("mail_of_account").on(t.accountId),
    index("mail_not_sent")
      .on(t.createdAt)
      .where(sql`${t.outcome} is distinct from 'sent'`),
    // given-up: a dead letter; out-of-date: its link was dead before the mail could go.
    check("mail_outcome_known", sql`${t.outcome} in ('sent', 'given-up', 'out-of-date')`),
    check("mail_ended_with_outcome", sql`(${t.endedAt} is null) = (${t.outcome} is null)`),
  ],
);
