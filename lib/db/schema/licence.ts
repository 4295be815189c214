import "server-only";
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  char,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant, identity } from "@/lib/db/schema/columns";
import { account } from "@/lib/db/schema/account";

export const product = pgTable(
  "product",
  { code: text("code").primaryKey(), seats: integer("seats").notNull() },
  (t) => [check("product_has_seats", sql`${t.seats} > 0`)],
);

export const keyBatch = pgTable(
  "key_batch",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    productCode: text("product_code")
      .notNull()
      .references(() => product.code),
    months: integer("months").notNull(),
    days: integer("days").notNull().default(0),
    count: integer("count").notNull(),
    channel: text("channel").notNull(),
    /** ISO 3166-1 alpha-2 codes; null: sold everywhere. */
    regions: text("regions").array(),
    /** Inclusive calendar date, valid until it has ended everywhere on Earth. */
    redeemBy: date("redeem_by", { mode: "string" }),
    /** Null: each card waits until a till releases it. */
    releasedAt: instant("released_at"),
    note: text("note"),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Increased by a trigger on every update, so that a redemption notices a change of the batch. */
    version: integer("version").notNull().default(1),
  },
  (t) => [
    check("key_batch_gives_something", sql`${t.months} >= 0 and ${t.days} >= 0 and ${t.months} + ${t.days} > 0`),
    check("key_batch_regions_not_empty", sql`${t.regions} is null or cardinality(${t.regions}) > 0`),
  ],
);

export const productKey = pgTable(
  "product_key",
  {
    id: identity("id").primaryKey(),
    /** HMAC-SHA-256 of the canonical key. Before redemption, nothing else of the key is stored. */
    lookup: bytea("lookup").notNull().unique(),
    batchId: uuid("batch_id")
      .notNull()
      .references(() => keyBatch.id),
    state: text("state").notNull().default("issued"),
    releasedAt: instant("released_at"),
    voidedAt: instant("voided_at"),
    accountId: uuid("account_id").references(() => account.id),
    sealed: bytea("sealed"),
    /** The last group. It reveals no key: 15 of the other 20 symbols can still be anything. */
    hint: char("hint", { length: 5 }),
    redeemedAt: instant("redeemed_at"),
    /** Since when its owner keeps the key for later. It stays once the key is started. */
    keptAt: instant("kept_at"),
    /** The name of a kept key in forms. The key's own id would tell how many keys exist. */
    keptId: uuid("kept_id"),
    /** Of a kept key: it starts when its owner's running subscription to the product ends. */
    startsItself: boolean("starts_itself").notNull().default(false),
    /** Increased by a trigger on every update, so that a redemption notices a change of the key. */
    version: integer("version").notNull().default(1),
  },
  (t) => [
    index("product_key_of_account").on(t.accountId),
    index("product_key_of_batch").on(t.batchId),
    check("product_key_lookup_is_a_digest", sql`octet_length(${t.lookup}) = 32`),
    uniqueIndex("product_key_kept_id")
      .on(t.keptId)
      .where(sql`${t.keptId} is not null`),
    index("product_key_starts_itself")
      .on(t.accountId)
      .where(sql`${t.state} = 'kept' and ${t.startsItself} and ${t.voidedAt} is null`),
    check("product_key_has_state", sql`${t.state} in ('issued', 'kept', 'redeemed')`),
    check(
      "product_key_has_owner",
      sql`(${t.state} <> 'issued') = (${t.accountId} is not null) and (${t.state} <> 'issued') = (${t.sealed} is not null)
        and (${t.state} <> 'issued') = (${t.hint} is not null) and (${t.state} = 'redeemed') = (${t.redeemedAt} is not null)
        and (${t.state} <> 'kept' or (${t.keptAt} is not null and ${t.keptId} is not null))`,
    ),
  ],
);

export const subscription = pgTable(
  "subscription",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id),
    productCode: text("product_code")
      .notNull()
      .references(() => product.code),
    /** The end of the coverage, computed from the ledger and updated in the same transaction as the ledger. */
    endsAt: instant("ends_at").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("subscription_of_account").on(t.accountId), index("subscription_ends").on(t.endsAt)],
);

/**
 * A reminder of one end of a subscription, `days` before it. It is written with its email, so that each is sent once. A
 * row without an email stands for a reminder that was not due any more.
 */
export const reminder = pgTable(
  "reminder",
  {
    subscriptionId: uuid("subscription_id")
      .notNull()
      .references(() => subscription.id),
    endsAt: instant("ends_at").notNull(),
    days: integer("days").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subscriptionId, t.endsAt, t.days] }),
    check("reminder_days_known", sql`${t.days} in (30, 7, 1, 0)`),
  ],
);

/**
 * A typed key of an account whose address is not confirmed yet, so that the person can go on in another browser. Only
 * their password opens it: this database and all secrets of the server do not.
 */
export const heldKey = pgTable(
  "held_key",
  {
    accountId: uuid("account_id")
      .primaryKey()
      .references(() => account.id, { onDelete: "cascade" }),
    sealed: bytea("sealed").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [index("held_key_expired").on(t.expiresAt)],
);
