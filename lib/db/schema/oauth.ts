import "server-only";
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { account, session } from "@/lib/db/schema/account";
import { bytea, instant } from "@/lib/db/schema/columns";
import { device } from "@/lib/db/schema/device";

/**
 * An app that is signed in to an account: a family of tokens (RFC 6749), of which one refresh token and one access token
 * work. Only their SHA-256 is stored.
 */
export const appSession = pgTable(
  "app_session",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    clientId: text("client_id").notNull(),
    /** Set by the first request that names the device, and never changed. */
    deviceId: uuid("device_id").references(() => device.id),
    refreshHash: bytea("refresh_hash").notNull().unique(),
    accessHash: bytea("access_hash").notNull().unique(),
    accessUntil: instant("access_until").notNull(),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    idleUntil: instant("idle_until").notNull(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    index("app_session_of_account").on(t.accountId),
    index("app_session_of_device").on(t.deviceId),
    index("app_session_idle").on(t.idleUntil),
    check(
      "app_session_tokens_are_digests",
      sql`octet_length(${t.refreshHash}) = 32 and octet_length(${t.accessHash}) = 32`,
    ),
  ],
);

/** A refresh token that was exchanged for its successor. Presenting it later ends its family (RFC 9700, 4.14.2). */
export const spentRefreshToken = pgTable(
  "spent_refresh_token",
  {
    hash: bytea("hash").primaryKey(),
    appSessionId: uuid("app_session_id")
      .notNull()
      .references(() => appSession.id, { onDelete: "cascade" }),
    spentAt: instant("spent_at").notNull(),
  },
  (t) => [
    index("spent_refresh_token_of_session").on(t.appSessionId),
    index("spent_refresh_token_age").on(t.spentAt),
    check("spent_refresh_token_is_a_digest", sql`octet_length(${t.hash}) = 32`),
  ],
);

/** What an app asked for at `/oauth/authorize`, from then until its code is exchanged for tokens. */
export const authorizationRequest = pgTable(
  "authorization_request",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    clientId: text("client_id").notNull(),
    redirectUri: text("redirect_uri").notNull(),
    state: text("state"),
    /** PKCE (RFC 7636), method S256. */
    codeChallenge: text("code_challenge").notNull(),
    /** As the app calls its device. */
    deviceName: text("device_name"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** Who continued in the app. */
    accountId: uuid("account_id").references(() => account.id, { onDelete: "cascade" }),
    /** SHA-256 of the authorization code. */
    codeHash: bytea("code_hash").unique(),
    /** Null: the code was not exchanged. */
    appSessionId: uuid("app_session_id").references(() => appSession.id, { onDelete: "cascade" }),
  },
  (t) => [
    index("authorization_request_expired").on(t.expiresAt),
    index("authorization_request_of_account").on(t.accountId),
    index("authorization_request_of_session").on(t.appSessionId),
    check("authorization_request_has_challenge", sql`${t.codeChallenge} ~ '^[A-Za-z0-9_-]{43}$'`),
    check("authorization_request_code_has_owner", sql`(${t.accountId} is null) = (${t.codeHash} is null)`),
    check("authorization_request_exchanged", sql`${t.appSessionId} is null or ${t.codeHash} is not null`),
    check("authorization_request_state_length", sql`length(${t.state}) <= 1000`),
    check("authorization_request_device_length", sql`length(${t.deviceName}) between 1 and 60`),
  ],
);

/**
 * A code on one screen with which a device signs in: shown, claimed by a device, then confirmed or refused on the screen
 * that shows it. The code is derived from `id` with a secret, so this table gives no access.
 */
export const handoff = pgTable(
  "handoff",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    /** The browser's session that shows the code. The code ends with it. */
    sessionId: uuid("session_id")
      .notNull()
      .references(() => session.id, { onDelete: "cascade" }),
    /** Keyed digest of the eight characters. */
    lookup: bytea("lookup").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    claimedAt: instant("claimed_at"),
    /** SHA-256 of the secret of the device that claimed it, base64url, as a PKCE challenge. */
    challenge: text("challenge"),
    clientId: text("client_id"),
    installId: text("install_id"),
    deviceName: text("device_name"),
    deviceModel: text("device_model"),
    deviceSystem: text("device_system"),
    /** Both screens show it for comparison. */
    number: integer("number"),
    decision: text("decision"),
    decidedAt: instant("decided_at"),
    /** The session that the device got. Null: none yet. */
    appSessionId: uuid("app_session_id").references(() => appSession.id, { onDelete: "set null" }),
  },
  (t) => [
    index("handoff_of_account").on(t.accountId),
    index("handoff_of_session").on(t.sessionId),
    index("handoff_of_app_session").on(t.appSessionId),
    index("handoff_expired").on(t.expiresAt),
    check("handoff_lookup_is_a_digest", sql`octet_length(${t.lookup}) = 32`),
    check(
      "handoff_claimed",
      sql`num_nonnulls(${t.claimedAt}, ${t.challenge}, ${t.clientId}, ${t.installId}, ${t.deviceName}, ${t.deviceSystem}, ${t.number}) in (0, 7)`,
    ),
    check("handoff_number_has_two_digits", sql`${t.number} between 10 and 99`),
    check("handoff_device_name_length", sql`length(${t.deviceName}) between 1 and 60`),
    check("handoff_device_model_length", sql`length(${t.deviceModel}) between 1 and 60`),
    check("handoff_decision_known", sql`${t.decision} in ('confirmed', 'refused')`),
    check(
      "handoff_decided",
      sql`(${t.decision} is null) = (${t.decidedAt} is null) and (${t.decision} is null or ${t.claimedAt} is not null)`,
    ),
    check("handoff_signs_in_once_confirmed", sql`${t.appSessionId} is null or ${t.decision} = 'confirmed'`),
  ],
);
