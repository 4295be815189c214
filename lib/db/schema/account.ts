import "server-only";
import { sql } from "drizzle-orm";
import { bigint, check, char, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "@/lib/db/schema/columns";

export const account = pgTable(
  "account",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    /** Canonical: see lib/account/canonical-email.ts. Likewise in the other tables. */
    email: text("email").notNull().unique(),
    name: text("name").notNull(),
    /** Null once the account is erased. */
    passwordHash: text("password_hash"),
    country: char("country", { length: 2 }).notNull(),
    locale: text("locale").notNull(),
    timeZone: text("time_zone").notNull(),
    emailVerifiedAt: instant("email_verified_at"),
    /** Null: emails before a subscription ends are wanted. None are sent yet, so no page offers the choice. */
    remindersOffAt: instant("reminders_off_at"),
    /** When the account will be erased. Signing in before that cancels it. */
    leavesAt: instant("leaves_at"),
    erasedAt: instant("erased_at"),
    /** Increased by every change to the account's coverage. A preview is bound to it. */
    ledgerVersion: integer("ledger_version").notNull().default(1),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    index("account_leaving")
      .on(t.leavesAt)
      .where(sql`${t.leavesAt} is not null`),
    check("account_has_password", sql`(${t.erasedAt} is null) = (${t.passwordHash} is not null)`),
    check("account_email_shape", sql`${t.email} ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(${t.email}) <= 254`),
    check("account_email_folded", sql`${t.email} !~ '[A-Z]'`),
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
    /** SHA-256 of the cookie that identifies the browser; null without one. */
    browserHash: bytea("browser_hash"),
  },
  (t) => [
    index("session_of_account").on(t.accountId),
    check("session_token_is_a_digest", sql`octet_length(${t.tokenHash}) = 32`),
    check("session_idle_within_absolute", sql`${t.idleUntil} <= ${t.absoluteUntil}`),
  ],
);

/**
 * An emailed link or code. Its token is derived from `id` with a secret, so neither this table nor the outbox gives
 * access. `hash` finds the row of a token.
 */
export const oneTimeToken = pgTable(
  "one_time_token",
  {
    id: uuid("id").primaryKey(),
    purpose: text("purpose").notNull(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    /** The address that the email went to: the account's current, new or former one. */
    email: text("email").notNull(),
    /** SHA-256 of the token. */
    hash: bytea("hash").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** When it was used, or voided by a newer one. */
    usedAt: instant("used_at"),
    /** Attempts to enter the six-digit code. */
    codeTries: integer("code_tries").notNull().default(0),
  },
  (t) => [
    // Each former address of an account has its own link that restores it, so there may be several.
    uniqueIndex("one_time_token_one_live_per_purpose")
      .on(t.accountId, t.purpose)
      .where(sql`${t.usedAt} is null and ${t.purpose} <> 'restore-email'`),
    index("one_time_token_restorable")
      .on(t.email)
      .where(sql`${t.usedAt} is null and ${t.purpose} = 'restore-email'`),
    check(
      "one_time_token_purpose_known",
      sql`${t.purpose} in ('verify-email', 'change-email', 'restore-email', 'reset-password', 'delete-account')`,
    ),
    check("one_time_token_email_folded", sql`${t.email} !~ '[A-Z]'`),
    check("one_time_token_hash_is_a_digest", sql`octet_length(${t.hash}) = 32`),
    check("one_time_token_tries", sql`${t.codeTries} between 0 and 5`),
  ],
);

/** The public key of a passkey (W3C Web Authentication). */
export const passkey = pgTable(
  "passkey",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    /** base64url, as browsers send it. */
    credentialId: text("credential_id").notNull().unique(),
    /** COSE key. */
    publicKey: bytea("public_key").notNull(),
    /** Signature counter. It stays 0 for passkeys that are synced between devices. */
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

/** A challenge for a passkey to sign. Using it deletes it, so that a response works once. */
export const passkeyChallenge = pgTable("passkey_challenge", {
  /** 32 random bytes, base64url. */
  challenge: text("challenge").primaryKey(),
  /** The account that adds a passkey or steps up; null for a sign-in. */
  accountId: uuid("account_id").references(() => account.id, { onDelete: "cascade" }),
  expiresAt: instant("expires_at").notNull(),
});
