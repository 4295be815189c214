import "server-only";
import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { account } from "@/lib/db/schema/account";
import { bytea, instant, identity } from "@/lib/db/schema/columns";
import { product, subscription } from "@/lib/db/schema/licence";

/** Somebody who provides subscriptions to their own customers, for example an internet provider. */
export const partner = pgTable(
  "partner",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    /** Its name in commands. */
    slug: text("slug").notNull().unique(),
    /** Its name on the customers' pages. */
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    check("partner_slug_shape", sql`${t.slug} ~ '^[a-z0-9][a-z0-9-]{0,39}$'`),
    check("partner_name_length", sql`length(${t.name}) between 1 and 100`),
  ],
);

/** A bearer token of a partner's program. */
export const partnerToken = pgTable(
  "partner_token",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    partnerId: uuid("partner_id")
      .notNull()
      .references(() => partner.id),
    /** SHA-256 of the token. */
    hash: bytea("hash").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    index("partner_token_of_partner").on(t.partnerId),
    check("partner_token_is_a_digest", sql`octet_length(${t.hash}) = 32`),
  ],
);

/** Codes that were issued to a partner at once. */
export const partnerBatch = pgTable(
  "partner_batch",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    partnerId: uuid("partner_id")
      .notNull()
      .references(() => partner.id),
    productCode: text("product_code")
      .notNull()
      .references(() => product.code),
    count: integer("count").notNull(),
    /** Inclusive calendar date, valid until it has ended everywhere on Earth. */
    redeemBy: date("redeem_by", { mode: "string" }),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [index("partner_batch_of_partner").on(t.partnerId)],
);

export const partnerCode = pgTable(
  "partner_code",
  {
    id: identity("id").primaryKey(),
    /** HMAC-SHA-256 of the canonical code. Nothing else of the code is stored. */
    lookup: bytea("lookup").notNull().unique(),
    batchId: uuid("batch_id")
      .notNull()
      .references(() => partnerBatch.id),
  },
  (t) => [
    index("partner_code_of_batch").on(t.batchId),
    check("partner_code_lookup_is_a_digest", sql`octet_length(${t.lookup}) = 32`),
  ],
);

/**
 * A partner's code in use. It gives open-ended coverage to a subscription of its own while it runs. The unique code is
 * what lets a code be used once.
 */
export const lease = pgTable(
  "lease",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    codeId: bigint("code_id", { mode: "number" })
      .notNull()
      .unique()
      .references(() => partnerCode.id),
    /** The partner of its code, set by a trigger, so that an index serves a partner's list. */
    partnerId: uuid("partner_id").references(() => partner.id),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id),
    subscriptionId: uuid("subscription_id")
      .notNull()
      .unique()
      .references(() => subscription.id),
    state: text("state").notNull().default("running"),
    startedAt: instant("started_at").notNull(),
    /** When it came into its state. */
    changedAt: instant("changed_at").notNull(),
  },
  (t) => [
    index("lease_of_account").on(t.accountId),
    index("lease_of_partner").on(t.partnerId, t.startedAt, t.id),
    check("lease_has_state", sql`${t.state} in ('running', 'suspended', 'ended')`),
  ],
);

/** The answer to a program's POST, given again when it repeats the request with the same `Idempotency-Key`. */
export const idempotentAnswer = pgTable(
  "idempotent_answer",
  {
    /** Who asked: the id of a partner or an account. */
    caller: uuid("caller").notNull(),
    key: text("key").notNull(),
    /** Keyed digest of the operation, its parameters and its body. */
    request: bytea("request").notNull(),
    status: integer("status").notNull(),
    body: jsonb("body").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.caller, t.key] }),
    index("idempotent_answer_age").on(t.createdAt),
    check("idempotent_answer_key_length", sql`length(${t.key}) between 1 and 255`),
  ],
);
