import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, ne, or, sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";

/**
 * Where a request came from; `addressPrefix` is an IPv4 address or an IPv6 /64, `browser` what the browser is known again
 * by: 256 random bits in a cookie of their own.
 */
export type Client = { addressPrefix: string | null; userAgent: string | null; browser: string | null };

type AccountView = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  timeZone: string;
  emailVerifiedAt: Date | null;
};

export type LiveSession = { id: string; account: AccountView; steppedUp: boolean };

/** Seconds. A session ends when it was not used for `idle`, and at the latest after `absolute`. */
export const SESSION_LIFETIME = { idle: 30 * 86_400, absolute: 90 * 86_400 };

/** For how many seconds a password just given is proof enough to show a key. */
const STEP_UP_LIFETIME = 15 * 60;

/** `last_seen_at` moves on at most this often, in seconds, so that reading a page rarely writes. */
const SEEN_EVERY = 300;

const idleUntil = sql`least(now() + make_interval(secs => ${SESSION_LIFETIME.idle}), ${session.absoluteUntil})`;

/** The session's secret: 256 random bits for the cookie; the database holds only its SHA-256. */
export const newReference = () => randomBytes(32).toString("base64url");
const digestOf = (reference: string) => createHash("sha256").update(reference).digest();
export const browserDigest = digestOf;

/**
 * Opens a session on the database's clock.
 * @returns false when it is open already: the transaction is being repeated
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
      userAgent: client.userAgent?.slice(0, 300) ?? null,
    })
    .onConflictDoNothing({ target: session.tokenHash });
  return rowCount === 1;
}

/** On the database's clock. */
export const isLive = and(
  isNull(session.revokedAt),
  sql`${session.idleUntil} > now()`,
  sql`${session.absoluteUntil} > now()`,
);

const live = (reference: string) => and(eq(session.tokenHash, digestOf(reference)), isLive);

/** The live session of a reference, or null when it is unknown, revoked or over. */
export async function findSession(reference: string): Promise<LiveSession | null> {
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
  const { stale, ...found } = row;
  if (stale)
    await db()
      .update(session)
      .set({ lastSeenAt: sql`now()`, idleUntil })
      .where(eq(session.id, found.id));
  return found;
}

/** Whose session a reference is or, over now, was. */
export async function ownerOf(reference: string, tx: Transaction | Database = db()): Promise<string | null> {
  const [found] = await tx
    .select({ accountId: session.accountId })
    .from(session)
    .where(eq(session.tokenHash, digestOf(reference)));
  return found?.accountId ?? null;
}

/** Ends a session for good; a copy of its cookie is dead from now on. */
export async function revokeSession(reference: string): Promise<{ accountId: string } | null> {
  const [ended] = await db()
    .update(session)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(session.tokenHash, digestOf(reference)), isNull(session.revokedAt)))
    .returning({ accountId: session.accountId });
  return ended ?? null;
}

/**
 * Ends every live session of an account, but the one that is to go on, and knows no other browser again: who was turned out
 * does not come back unnoticed.
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
  return rowCount ?? 0;
}

/**
 * Marks a session as freshly confirmed and puts `renewed` in the place of its reference, which is dead from then on.
 * @returns false when the session is no longer live; done before, by the same two references, it is done again
 */
export async function renewSession(tx: Transaction, reference: string, renewed: string): Promise<boolean> {
  const { rowCount } = await tx
    .update(session)
    .set({ tokenHash: digestOf(renewed), authenticatedAt: sql`now()`, lastSeenAt: sql`now()`, idleUntil })
    .where(or(live(reference), live(renewed)));
  return rowCount === 1;
}

/** Forgets sessions that ended a month ago or longer; run now and then. */
export async function sweepSessions(): Promise<void> {
  await db()
    .delete(session)
    .where(sql`least(${session.idleUntil}, coalesce(${session.revokedAt}, 'infinity')) < now() - interval '30 days'`);
}
