import "server-only";
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "@/lib/db/schema/columns";
import { account, oneTimeToken } from "@/lib/db/schema/account";

/**
 * The outbox: every email to send, saved in the same transaction as the change it reports. An INSERT of account, kind,
 * recipient, details and `created_at` queues an email. The other columns have defaults.
 */
export const mail = pgTable(
  "mail",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    recipient: text("recipient").notNull(),
    /** For emails with a link or code. */
    tokenId: uuid("token_id").references(() => oneTimeToken.id, { onDelete: "cascade" }),
    details: jsonb("details").$type<Record<string, string | number>>().notNull().default({}),
    createdAt: instant("created_at").notNull(),
    /** When a worker may claim the email: during a claim, when that claim expires. Null once the email has ended. */
    nextTryAt: instant("next_try_at").default(sql`now()`),
    /** The claim of the worker that is sending the email. Only the holder of this id may record the outcome. */
    claimId: uuid("claim_id"),
    /** Claims since the email was queued, or since an operator queued it again. */
    tries: integer("tries").notNull().default(0),
    /** The error of the last attempt. */
    lastError: text("last_error"),
    endedAt: instant("ended_at"),
    outcome: text("outcome"),
  },
  (t) => [
    index("mail_of_account").on(t.accountId),
    index("mail_to_recipient").on(t.recipient, t.createdAt),
    index("mail_due")
      .on(t.nextTryAt)
      .where(sql`${t.outcome} is null`),
    index("mail_not_sent")
      .on(t.createdAt)
      .where(sql`${t.outcome} is distinct from 'sent'`),
    // given-up: a dead letter. out-of-date: its link had stopped working before it was sent.
    check("mail_outcome_known", sql`${t.outcome} in ('sent', 'given-up', 'out-of-date')`),
    // An email either waits, perhaps claimed, or has ended.
    check(
      "mail_waits_or_ended",
      sql`(${t.outcome} is null) = (${t.endedAt} is null) and (${t.outcome} is null) = (${t.nextTryAt} is not null)
        and (${t.claimId} is null or ${t.outcome} is null)`,
    ),
    check("mail_recipient_folded", sql`${t.recipient} !~ '[A-Z]'`),
    check("mail_tries_counted", sql`${t.tries} >= 0`),
  ],
);
