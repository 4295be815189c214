import "server-only";
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  char,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
/** Text that compares without regard to case (PostgreSQL's citext). */
const citext = customType<{ data: string }>({ dataType: () => "citext" });
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const identity = (name: string) => bigint(name, { mode: "number" }).generatedAlwaysAsIdentity();

/** Facts about the database itself: which look-up secret it was made with, whether it holds demo data. */
export const setting = pgTable("setting", { name: text("name").primaryKey(), value: text("value").notNull() });

export const account = pgTable(
  "account",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    email: citext("email").notNull().unique(),
    name: text("name").notNull(),
    /** Null once the account is erased. */
    passwordHash: text("password_hash"),
    country: char("country", { length: 2 }).notNull(),
    locale: text("locale").notNull(),
    timeZone: text("time_zone").notNull(),
    emailVerifiedAt: instant("email_verified_at"),
    /** Null: reminders before a subscription ends are wanted. */
    remindersOffAt: instant("reminders_off_at"),
    /** When the account is to be erased; whoever signs in before that keeps it. */
    leavesAt: instant("leaves_at"),
    erasedAt: instant("erased_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    index("account_leaving")
      .on(t.leavesAt)
      .where(sql`${t.leavesAt} is not null`),
    check("account_has_password", sql`(${t.erasedAt} is null) = (${t.passwordHash} is not null)`),
    check("account_email_shape", sql`${t.email} ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(${t.email}) <= 254`),
    check("account_name_length", sql`length(${t.name}) between 1 and 100`),
    check("account_country_code", sql`${t.country} ~ '^[A-Z]{2}$'`),
    check("account_locale_known", sql`${t.locale} in ('en', 'fr')`),
  ],
);

export const session = pgTable(
  "session",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    tokenHash: bytea("token_hash").notNull().unique(),
    createdAt: instant("created_at").notNull().defaultNow(),
    authenticatedAt: instant("authenticated_at").notNull().defaultNow(),
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    idleUntil: instant("idle_until").notNull(),
    absoluteUntil: instant("absolute_until").notNull(),
    revokedAt: instant("revoked_at"),
    userAgent: text("user_agent"),
    addressPrefix: text("address_prefix"),
    /** SHA-256 of the browser's own cookie, by which it is known again; null where it had none. */
    deviceHash: bytea("device_hash"),
  },
  (t) => [
    index("session_of_account").on(t.accountId),
    check("session_token_is_a_digest", sql`octet_length(${t.tokenHash}) = 32`),
    check("session_idle_within_absolute", sql`${t.idleUntil} <= ${t.absoluteUntil}`),
  ],
);

/**
 * What a mail's link or code stands for. The link's token is computed from `id` by a secret, so that nothing here, and
 * nothing in a job, opens anything; `hash` finds the row again.
 */
export const oneTimeToken = pgTable(
  "one_time_token",
  {
    id: uuid("id").primaryKey(),
    purpose: text("purpose").notNull(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    /** The address it is about and went to: the account's, the wished one, or the one before. */
    email: citext("email").notNull(),
    /** SHA-256 of the token. */
    hash: bytea("hash").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** Used, or made void by a newer one. */
    usedAt: instant("used_at"),
    /** How often a six-digit code was tried. */
    codeTries: integer("code_tries").notNull().default(0),
  },
  (t) => [
    // Each address an account once had may be restored by its own link, and several devices may sign in at once.
    uniqueIndex("one_time_token_one_live_per_purpose")
      .on(t.accountId, t.purpose)
      .where(sql`${t.usedAt} is null and ${t.purpose} not in ('restore-email', 'passkey-ticket')`),
    index("one_time_token_restorable")
      .on(t.email)
      .where(sql`${t.usedAt} is null and ${t.purpose} = 'restore-email'`),
    check(
      "one_time_token_purpose_known",
      sql`${t.purpose} in ('verify-email', 'change-email', 'restore-email', 'reset-password', 'delete-account', 'passkey-ticket')`,
    ),
    check("one_time_token_hash_is_a_digest", sql`octet_length(${t.hash}) = 32`),
    check("one_time_token_tries", sql`${t.codeTries} between 0 and 5`),
  ],
);

/** A public key that a device signs in with (W3C Web Authentication). */
export const passkey = pgTable(
  "passkey",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    /** base64url, as the browser names it. */
    credentialId: text("credential_id").notNull().unique(),
    /** COSE key. */
    publicKey: bytea("public_key").notNull(),
    /** Signature counter; 0 for passkeys that are kept on several devices. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull(),
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull(),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    index("passkey_of_account").on(t.accountId),
    check("passkey_name_length", sql`length(${t.name}) between 1 and 60`),
  ],
);

/** What a passkey is asked to sign. Deleted by who uses it, so that an answer counts once. */
export const passkeyChallenge = pgTable("passkey_challenge", {
  /** 32 random bytes, base64url. */
  challenge: text("challenge").primaryKey(),
  /** Who adds a passkey or confirms; null: somebody who signs in. */
  accountId: uuid("account_id").references(() => account.id, { onDelete: "cascade" }),
  expiresAt: instant("expires_at").notNull(),
});

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
    /** Inclusive calendar date, good until it has ended everywhere on Earth. */
    redeemBy: date("redeem_by", { mode: "string" }),
    /** Null: each card waits for its own activation at the till. */
    activatedAt: instant("activated_at"),
    note: text("note"),
    createdAt: instant("created_at").notNull().defaultNow(),
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
    /** HMAC-SHA-256 of the canonical key: all that is held of a key nobody has redeemed. */
    lookup: bytea("lookup").notNull().unique(),
    batchId: uuid("batch_id")
      .notNull()
      .references(() => keyBatch.id),
    state: text("state").notNull().default("issued"),
    activatedAt: instant("activated_at"),
    voidedAt: instant("voided_at"),
    accountId: uuid("account_id").references(() => account.id),
    sealed: bytea("sealed"),
    /** The last group, which alone tells nothing: any 20 symbols determine the other five. */
    hint: char("hint", { length: 5 }),
    redeemedAt: instant("redeemed_at"),
  },
  (t) => [
    index("product_key_of_account").on(t.accountId),
    index("product_key_of_batch").on(t.batchId),
    check("product_key_lookup_is_a_digest", sql`octet_length(${t.lookup}) = 32`),
    check("product_key_state_known", sql`${t.state} in ('issued', 'redeemed')`),
    check(
      "product_key_redeemed_has_owner",
      sql`(${t.state} = 'redeemed') = (${t.accountId} is not null) and (${t.state} = 'redeemed') = (${t.sealed} is not null)
        and (${t.state} = 'redeemed') = (${t.hint} is not null) and (${t.state} = 'redeemed') = (${t.redeemedAt} is not null)`,
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
    /** Grows by one with every change of the ledger; a preview is bound to it. */
    version: integer("version").notNull().default(1),
    /** Projection of the ledger's fold, rewritten in the same transaction as the ledger. */
    endsAt: instant("ends_at").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("subscription_of_account").on(t.accountId)],
);

/** What gave days. Append-only by trigger, but for `undone_at`, which is set once. */
export const grantEntry = pgTable(
  "grant_entry",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    subscriptionId: uuid("subscription_id")
      .notNull()
      .references(() => subscription.id),
    source: text("source").notNull(),
    /** For `key`: the product key's id. */
    sourceId: bigint("source_id", { mode: "number" }).notNull(),
    months: integer("months").notNull(),
    days: integer("days").notNull(),
    grantedAt: instant("granted_at").notNull(),
    seq: identity("seq"),
    undoneAt: instant("undone_at"),
  },
  (t) => [
    index("grant_entry_of_subscription").on(t.subscriptionId),
    uniqueIndex("grant_entry_one_live_per_source")
      .on(t.source, t.sourceId)
      .where(sql`${t.undoneAt} is null`),
    check("grant_entry_source_known", sql`${t.source} in ('key')`),
    check("grant_entry_gives_something", sql`${t.months} >= 0 and ${t.days} >= 0 and ${t.months} + ${t.days} > 0`),
  ],
);

/** A later change to what a grant gives, for example a refund. Append-only by trigger. */
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
    check("grant_amendment_kind_known", sql`${t.kind} in ('truncate')`),
  ],
);

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

/** Attempts counted for the limits of lib/limits. `key` is a digest: no address or network stands here. */
export const limitCounter = pgTable(
  "limit_counter",
  {
    limit: text("limit").notNull(),
    key: bytea("key").notNull(),
    count: integer("count").notNull(),
    /** When the count starts anew. */
    endsAt: instant("ends_at").notNull(),
    lockedUntil: instant("locked_until"),
  },
  (t) => [primaryKey({ columns: [t.limit, t.key] }), index("limit_counter_ended").on(t.endsAt)],
);
