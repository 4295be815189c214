import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull, ne, or, sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { appSession, authorizationRequest, handoff } from "@/lib/db/schema/oauth";
import { digestOf } from "@/lib/account/digest";
import type { Sender } from "@/lib/http/sender";
import { SESSION_LIFETIME } from "@/lib/account/session-lifetime";
import type { Caller } from "@/lib/account/session/caller";

/**
 * The browser that sent a request. `browser`: 256 random bits in a cookie of their own, by which an account recognises
 * it.
 */
export type Client = Sender & { browser: string | null };

/** Seconds for which a password or passkey counts as freshly given. */
const STEP_UP_LIFETIME = 15 * 60;

/** Seconds between two updates of `last_seen_at`, so that reading a page rarely writes. */
const SEEN_EVERY = 300;

const idleUntil = sql`least(now() + make_interval(secs => ${SESSION_LIFETIME.idle}), ${session.absoluteUntil})`;

/** Makes a session's secret for the cookie: 256 random bits. The database stores only its SHA-256. */
export const newReference = () => randomBytes(32).toString("base64url");
export const browserDigest = digestOf;

/**
 * Opens a session, timed by the database's clock.
 * @returns false when it is already open, because the transaction is being repeated
 */
export async function openSession(
  tx: Transaction | Database,
  { reference, accountId, client }: { reference: string; accountId: string; client: Client },
): Promise<boolean> {
  const { rowCount } = await tx
    .insert(session)
    .values({
      accountId,
      tokenHash: digestOf(reference),
      idleUntil: sql`now() + make_interval(secs => ${SESSION_LIFETIME.idle})` as never,
      absoluteUntil: sql`now() + make_interval(secs => ${SESSION_LIFETIME.absolute})` as never,
      addressPrefix: client.addressPrefix,
      browserHash: client.browser === null ? null : browserDigest(client.browser),
      userAgent: client.userAgent,
    })
    .onConflictDoNothing({ target: session.tokenHash });
  return rowCount === 1;
}

/** Neither revoked nor expired, by the database's clock. */
export const isLive = and(
  isNull(session.revokedAt),
  sql`${session.idleUntil} > now()`,
  sql`${session.absoluteUntil} > now()`,
);

/** The live session of a reference. */
export const live = (reference: string) => and(eq(session.tokenHash, digestOf(reference)), isLive);

/**
 * Finds the caller of a session's reference; null when the session is unknown, revoked or expired. One statement, and a
 * second that updates the last use, at most every five minutes.
 */
export async function findSession(reference: string): Promise<Caller | null> {
  const [row] = await db()
    .select({
      id: session.id,
      steppedUp: sql<boolean>`${session.authenticatedAt} > now() - make_interval(secs => ${STEP_UP_LIFETIME})`,
      stale: sql<boolean>`${session.lastSeenAt} < now() - make_interval(secs => ${SEEN_EVERY})`,
      account: {
        id: account.id,
        name: account.name,
        email: account.email,
        country: account.country,
        locale: account.locale,
        timeZone: account.timeZone,
        emailVerifiedAt: account.emailVerifiedAt,
      },
    })
    .from(session)
    .innerJoin(account, eq(account.id, session.accountId))
    .where(live(reference));
  if (!row) return null;
  const { id: sessionId, stale, ...caller } = row;
  if (stale)
    await db()
      .update(session)
      .set({ lastSeenAt: sql`now()`, idleUntil })
      .where(eq(session.id, sessionId));
  return { ...caller, credential: { kind: "cookie", sessionId } };
}

/** The account of a session, live or ended. Null for an unknown reference. */
export async function findOwner(reference: string): Promise<string | null> {
  const [found] = await db()
    .select({ accountId: session.accountId })
    .from(session)
    .where(eq(session.tokenHash, digestOf(reference)));
  return found?.accountId ?? null;
}

/** Revokes a session, so that a copy of its cookie stops working too. Null: unknown or already revoked. */
export async function revokeSession(reference: string): Promise<{ accountId: string } | null> {
  const [ended] = await db()
    .update(session)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(session.tokenHash, digestOf(reference)), isNull(session.revokedAt)))
    .returning({ accountId: session.accountId });
  return ended ?? null;
}

/** An app's session that has neither ended nor been idle for too long. */
export const isLiveApp = (now: Date) => and(isNull(appSession.endedAt), gt(appSession.idleUntil, now));

/**
 * Ends every live session of an account except one, of browsers and apps alike, and what an app could still sign in with.
 * Forgets the browsers: the next sign-in from one of them is reported to the owner by email.
 * @returns how many ended
 */
export async function revokeSessions(
  tx: Transaction,
  { accountId, except }: { accountId: string; except?: string | undefined },
): Promise<number> {
  const others = and(eq(session.accountId, accountId), except === undefined ? undefined : ne(session.id, except));
  const { rowCount } = await tx
    .update(session)
    .set({ revokedAt: sql`now()` })
    .where(and(others, isLive));
  await tx.update(session).set({ browserHash: null }).where(others);
  const apps = await tx
    .update(appSession)
    .set({ endedAt: sql`now()` })
    .where(and(eq(appSession.accountId, accountId), isNull(appSession.endedAt)));
  const unused = and(eq(authorizationRequest.accountId, accountId), isNull(authorizationRequest.appSessionId));
  await tx.delete(authorizationRequest).where(unused);
  // The session that stays may have confirmed a device that has not fetched its tokens.
  await tx.delete(handoff).where(and(eq(handoff.accountId, accountId), isNull(handoff.appSessionId)));
  return (rowCount ?? 0) + (apps.rowCount ?? 0);
}

/**
 * Marks a session as freshly confirmed and replaces its reference with `renewed`. The old reference stops working.
 * Repeating it with the same two references succeeds again.
 * @returns false when the session is no longer live
 */
export async function renewSession(tx: Transaction, reference: string, renewed: string): Promise<boolean> {
  const { rowCount } = await tx
    .update(session)
    .set({ tokenHash: digestOf(renewed), authenticatedAt: sql`now()`, lastSeenAt: sql`now()`, idleUntil })
    .where(or(live(reference), live(renewed)));
  return rowCount === 1;
}

/** Deletes sessions that ended a month ago or longer. Runs hourly. */
export async function sweepSessions(): Promise<void> {
  await db()
    .delete(session)
    .where(sql`least(${session.idleUntil}, coalesce(${session.revokedAt}, 'infinity')) < now() - interval '30 days'`);
}
