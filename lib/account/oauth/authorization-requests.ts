import "server-only";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { db, retrying, transaction } from "@/lib/db/client";
import { session } from "@/lib/db/schema/account";
import { authorizationRequest } from "@/lib/db/schema/oauth";
import { digestOf } from "@/lib/account/digest";
import { lockAccount } from "@/lib/account/lock-account";
import { isLive } from "@/lib/account/session/sessions";
import type { Sender } from "@/lib/http/sender";
import { reserve, type Reservation } from "@/lib/limits/limits";

const MINUTE_MS = 60_000;
/** Milliseconds from the app's request until the person continues, with time to create an account. */
const REQUEST_LIFETIME = 10 * MINUTE_MS;
/** Milliseconds for exchanging a code (RFC 6749, 4.1.2, allows ten minutes). */
const CODE_LIFETIME = 2 * MINUTE_MS;

export type AuthorizationRequest = {
  clientId: string;
  redirectUri: string;
  state: string | null;
  /** PKCE (RFC 7636), method S256. */
  codeChallenge: string;
  /** As the app calls its device. */
  deviceName: string | null;
};

/** Counts a request for its network, because it is stored. */
export const countRequest = ({ addressPrefix }: Sender): Promise<Reservation> =>
  addressPrefix ? reserve("authorizationPerNetwork", addressPrefix) : Promise.resolve({ allowed: true, last: false });

/** Stores what an app asked for, with its client and redirect URI already checked. @returns its id */
export async function storeRequest(asked: AuthorizationRequest, { now }: { now: Date }): Promise<string> {
  const [stored] = await db()
    .insert(authorizationRequest)
    .values({ ...asked, createdAt: now, expiresAt: new Date(now.getTime() + REQUEST_LIFETIME) })
    .returning({ id: authorizationRequest.id });
  return stored!.id;
}

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Finds a request that has not expired and whose code was not exchanged. */
export async function findRequest(id: string, { now }: { now: Date }): Promise<AuthorizationRequest | null> {
  if (!isId(id)) return null;
  const [found] = await retrying(() =>
    db()
      .select({
        clientId: authorizationRequest.clientId,
        redirectUri: authorizationRequest.redirectUri,
        state: authorizationRequest.state,
        codeChallenge: authorizationRequest.codeChallenge,
        deviceName: authorizationRequest.deviceName,
      })
      .from(authorizationRequest)
      .where(isOpen(id, now)),
  );
  return found ?? null;
}

const isOpen = (id: string, now: Date) =>
  and(
    eq(authorizationRequest.id, id),
    gt(authorizationRequest.expiresAt, now),
    isNull(authorizationRequest.appSessionId),
  );

type Grant = { id: string; accountId: string; sessionId: string; /** A new code. */ code: string };

/**
 * Gives a request's app a code for the account that continues. A second press gives a new code and voids the first.
 * @returns null when the request is over, or the browser's session has ended meanwhile
 */
export const continueInApp = (
  { id, accountId, sessionId, code }: Grant,
  { now }: { now: Date },
): Promise<AuthorizationRequest | null> =>
  transaction(async (tx) => {
    // What ends the sessions of an account holds this lock, so no code outlives them.
    if (!isId(id) || !(await lockAccount(tx, accountId))) return null;
    const mine = and(eq(session.id, sessionId), eq(session.accountId, accountId), isLive);
    const [granted] = await tx
      .update(authorizationRequest)
      .set({ accountId, codeHash: digestOf(code), expiresAt: new Date(now.getTime() + CODE_LIFETIME) })
      .where(and(isOpen(id, now), sql`exists (select from ${session} where ${mine})`))
      .returning({
        clientId: authorizationRequest.clientId,
        redirectUri: authorizationRequest.redirectUri,
        state: authorizationRequest.state,
        codeChallenge: authorizationRequest.codeChallenge,
        deviceName: authorizationRequest.deviceName,
      });
    return granted ?? null;
  });
