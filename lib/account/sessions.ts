import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema";

/** Where a request came from; `addressPrefix` is an IPv4 address or an IPv6 /64. */
export type Client = { addressPrefix: string | null; userAgent: string | null };

type AccountView = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  timeZone: string;
};

export type LiveSession = { id: string; account: AccountView; authenticatedAt: Date; steppedUp: boolean };

/** Seconds. A session ends when it was not used for `idle`, and at the latest after `absolute`. */
export const SESSION_LIFETIME = { idle: 30 * 86_400, absolute: 90 * 86_400 };

/** For how many seconds a password just given is proof enough to show a key. */
const STEP_UP_LIFETIME = 15 * 60;

/** `last_seen_at` moves on at most this often, in seconds, so that reading a page rarely writes. */
const SEEN_EVERY = 300;

const idleUntil = sql`least(now() + make_interval(secs => ${SESSION_LIFETIME.idle}), ${session.absoluteUntil})`;

/** The session's secret: 256 random bits for the cookie; the database holds only its SHA-256. */
const newReference = () => randomBytes(32).toString("base64url");
const digestOf = (reference: string) => createHash("sha256").update(reference).digest();

/** Opens a session on the database's clock. @returns the reference for the cookie. */
export async function openSession(tx: Transaction | Database, accountId: string, client: Client): Promise<string> {
  const reference = newReference();
  await tx.insert(session).values({
    accountId,
    tokenHash: digestOf(reference),
    idleUntil: sql`now() + make_interval(secs => ${SESSION_LIFETIME.idle})` as never,
    absoluteUntil: sql`now() + make_interval(secs => ${SESSION_LIFETIME.absolute})` as never,
    addressPrefix: client.addressPrefix,
    userAgent: client.userAgent?.slice(0, 300) ?? null,
  });
  return reference;
}

const live = (reference: string) =>
  and(
    eq(session.tokenHash, digestOf(reference)),
    isNull(session.revokedAt),
    sql`${session.idleUntil} > now()`,
    sql`${session.absoluteUntil} > now()`,
  );

/** The live session of a reference, or null when it is unknown, revoked or over. */
export async function findSession(reference: string): Promise<LiveSession | null> {
  const [row] = await db()
    .select({
      id: session.id,
      authenticatedAt: session.authenticatedAt,
      steppedUp: sql<boolean>`${session.authenticatedAt} > now() - make_interval(secs => ${STEP_UP_LIFETIME})`,
      stale: sql<boolean>`${session.lastSeenAt} < now() - make_interval(secs => ${SEEN_EVERY})`,
      account: {
        id: account.id,
        name: account.name,
        email: account.email,
        country: account.country,
        locale: account.locale,
        timeZone: account.timeZone,
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

/** Ends a session for good; a copy of its cookie is dead from now on. */
export async function revokeSession(reference: string): Promise<{ accountId: string } | null> {
  const [ended] = await db()
    .update(session)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(session.tokenHash, digestOf(reference)), isNull(session.revokedAt)))
    .returning({ accountId: session.accountId });
  return ended ?? null;
}

/** Marks a session as freshly confirmed and gives it a new reference; the old one is dead. Null: it is no longer live. */
export async function renewSession(tx: Transaction, reference: string): Promise<string | null> {
  const renewed = newReference();
  const { rowCount } = await tx
    .update(session)
    .set({ tokenHash: digestOf(renewed), authenticatedAt: sql`now()`, lastSeenAt: sql`now()`, idleUntil })
    .where(live(reference));
  return rowCount === 1 ? renewed : null;
}

/** Forgets sessions that ended a month ago or longer; run now and then. */
export async function sweepSessions(): Promise<void> {
  await db()
    .delete(session)
    .where(sql`least(${session.idleUntil}, coalesce(${session.revokedAt}, 'infinity')) < now() - interval '30 days'`);
}
