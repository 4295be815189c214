import "server-only";
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant, identity } from "@/lib/db/schema/columns";
import { productKey, subscription } from "@/lib/db/schema/licence";
import { lease } from "@/lib/db/schema/partner";

/**
 * A grant: the months and days of a key, or a lease from one instant until it is truncated. Append-only by trigger,
 * except that `undone_at` is set once. Each source has its own nullable foreign key, and exactly one is set.
 * lib/licence/sources lists what a new source needs.
 */
export const grantEntry = pgTable(
  "grant_entry",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    subscriptionId: uuid("subscription_id")
      .notNull()
      .references(() => subscription.id),
    keyId: bigint("key_id", { mode: "number" }).references(() => productKey.id),
    /** Each time a lease runs is a grant of its own. */
    leaseId: uuid("lease_id").references(() => lease.id),
    months: integer("months").notNull(),
    days: integer("days").notNull(),
    grantedAt: instant("granted_at").notNull(),
    seq: identity("seq"),
    undoneAt: instant("undone_at"),
  },
  (t) => [
    index("grant_entry_of_subscription").on(t.subscriptionId),
    uniqueIndex("grant_entry_one_live_per_key")
      .on(t.keyId)
      .where(sql`${t.undoneAt} is null`),
    index("grant_entry_of_lease")
      .on(t.leaseId)
      .where(sql`${t.leaseId} is not null`),
    check("grant_entry_has_one_source", sql`num_nonnulls(${t.keyId}, ${t.leaseId}) = 1`),
    // A lease is open-ended: it has no term.
    check(
      "grant_entry_gives",
      sql`${t.months} >= 0 and ${t.days} >= 0 and (${t.months} + ${t.days} > 0) = (${t.leaseId} is null)`,
    ),
  ],
);

/**
 * A later change to what a grant gives, for example a refund. Append-only by trigger. `truncate`: it gives nothing after
 * that instant. `restore`: it gives all of its term again.
 */
export const grantAmendment = pgTable(
  "grant_amendment",
  {
    id: identity("id").primaryKey(),
    grantId: uuid("grant_id")
      .notNull()
      .references(() => grantEntry.id),
    kind: text("kind").notNull(),
    at: instant("at").notNull(),
    reason: text("reason").notNull(),
    actor: text("actor").notNull(),
  },
  (t) => [
    index("grant_amendment_of_grant").on(t.grantId),
    check("grant_amendment_known", sql`${t.kind} in ('truncate', 'restore')`),
  ],
);
