import "server-only";
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { appSession } from "@/lib/db/schema/oauth";
import { digestOf } from "@/lib/account/digest";
import type { Caller } from "@/lib/account/session/caller";

/** Milliseconds between two updates of `last_seen_at`, so that a request of an app rarely writes. */
const SEEN_EVERY = 300_000;

/** The app that makes a request, and its account. */
export type Bearer = {
  account: Caller["account"];
  appSessionId: string;
  clientId: string;
  /** Null until the app has named its device. */
  deviceId: string | null;
};

/**
 * Finds the app of an access token; null when the token is unknown, expired or replaced, or its session has ended. One
 * statement, and a second that updates the last use, at most every five minutes.
 */
export async function findBearer(token: string, { now }: { now: Date }): Promise<Bearer | null> {
  const [row] = await db()
    .select({
      appSessionId: appSession.id,
      clientId: appSession.clientId,
      deviceId: appSession.deviceId,
      lastSeenAt: appSession.lastSeenAt,
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
    .from(appSession)
    .innerJoin(account, eq(account.id, appSession.accountId))
    .where(
      and(
        eq(appSession.accessHash, digestOf(token)),
        gt(appSession.accessUntil, now),
        isNull(appSession.endedAt),
        isNull(account.erasedAt),
      ),
    );
  if (!row) return null;
  const { lastSeenAt, ...bearer } = row;
  const stale = new Date(now.getTime() - SEEN_EVERY);
  if (lastSeenAt < stale)
    await db()
      .update(appSession)
      .set({ lastSeenAt: sql`greatest(${appSession.lastSeenAt}, ${now.toISOString()}::timestamptz)` })
      .where(and(eq(appSession.id, bearer.appSessionId), lt(appSession.lastSeenAt, stale)));
  return bearer;
}
