import "server-only";
import { and, desc, eq, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import type { System } from "@/lib/brand";
import { db, transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { device } from "@/lib/db/schema/device";
import { appSession, authorizationRequest, spentRefreshToken } from "@/lib/db/schema/oauth";
import { postMail } from "@/lib/jobs/outbox";
import { digestOf } from "@/lib/account/digest";
import { lockAccount } from "@/lib/account/lock-account";
import { accessTokenWith, firstRefreshToken, TOKEN_LIFETIME, type AppTokens } from "@/lib/account/oauth/app-tokens";
import { isLiveApp } from "@/lib/account/session/sessions";
import type { Sender } from "@/lib/http/sender";

type Entry = {
  accountId: string;
  clientId: string;
  /** The system of its device, where the app has named it. */
  system?: System | null;
  /** The request that asks for the tokens. */
  sender?: Sender;
};

/**
 * Signs an app in to an account, in the caller's transaction, which then holds the account's lock. The owner gets an
 * email.
 * @param randomBytes a cryptographic source of n bytes. When a transaction is repeated, it must give the same bytes
 * again: then the call changes nothing and returns the same tokens.
 * @returns null when the account was erased, or its deletion was confirmed
 */
export async function startAppSession(
  tx: Transaction,
  { accountId, clientId, system = null, sender = { addressPrefix: null, userAgent: null } }: Entry,
  { now, randomBytes }: { now: Date; randomBytes: (n: number) => Uint8Array },
): Promise<(AppTokens & { appSessionId: string }) | null> {
  const owner = await lockAccount(tx, accountId);
  if (!owner?.passwordHash || owner.leavesAt) return null;
  const refreshToken = firstRefreshToken(randomBytes(32));
  const accessToken = accessTokenWith(refreshToken);
  const tokens = { accessToken, refreshToken, expiresIn: TOKEN_LIFETIME.access };
  const [opened] = await tx
    .insert(appSession)
    .values({
      accountId,
      clientId,
      refreshHash: digestOf(refreshToken),
      accessHash: digestOf(accessToken),
      accessUntil: after(now, TOKEN_LIFETIME.access),
      createdAt: now,
      lastSeenAt: now,
      idleUntil: after(now, TOKEN_LIFETIME.refreshIdle),
    })
    .onConflictDoNothing({ target: appSession.refreshHash })
    .returning({ id: appSession.id });
  if (!opened) {
    const mine = eq(appSession.refreshHash, digestOf(refreshToken));
    const [before] = await tx.select({ id: appSession.id }).from(appSession).where(mine);
    return { ...tokens, appSessionId: before!.id };
  }
  const details = { client: clientId };
  await recordEvent(tx, { action: "app.signed-in", accountId, subject: opened.id, at: now, details, person: sender });
  await postMail(tx, {
    kind: "new-app-sign-in",
    accountId,
    recipient: owner.email,
    details: { ...details, system: system ?? "", userAgent: sender.userAgent ?? "" },
    at: now,
  });
  return { ...tokens, appSessionId: opened.id };
}

const after = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1_000);

/**
 * Binds a session to the device it runs on, once. The device must be the same account's.
 * @returns false when the session has ended or is bound to another device
 */
export async function bindDevice({
  appSessionId,
  deviceId,
}: {
  appSessionId: string;
  deviceId: string;
}): Promise<boolean> {
  const { rowCount } = await db()
    .update(appSession)
    .set({ deviceId })
    .where(
      and(
        eq(appSession.id, appSessionId),
        isNull(appSession.endedAt),
        or(isNull(appSession.deviceId), eq(appSession.deviceId, deviceId)),
        sql`exists (select from ${device} where ${device.id} = ${deviceId} and ${device.accountId} = ${appSession.accountId})`,
      ),
    );
  return rowCount === 1;
}

/**
 * Signs an app out. Its tokens stop working at once. A session that has ended or is another account's is left alone, with
 * the same answer.
 */
export const endAppSession = (
  { accountId, appSessionId }: { accountId: string; appSessionId: string },
  { now, sender }: { now: Date; sender: Sender },
): Promise<void> =>
  transaction((tx) => {
    const mine = and(eq(appSession.id, appSessionId), eq(appSession.accountId, accountId));
    return end(tx, mine, { action: "app.signed-out", now, sender });
  });

/** Ends a session because a code or a refresh token of it was used again: two parties have it (RFC 9700, 4.14.2). */
export const endReplayed = (
  tx: Transaction,
  appSessionId: string,
  { now, sender }: { now: Date; sender: Sender },
): Promise<void> => end(tx, eq(appSession.id, appSessionId), { action: "app.replayed", now, sender });

type Ending = { action: "app.signed-out" | "app.replayed"; now: Date; sender: Sender };

async function end(tx: Transaction, which: SQL | undefined, { action, now, sender }: Ending): Promise<void> {
  const [ended] = await tx
    .update(appSession)
    .set({ endedAt: now })
    .where(and(which, isNull(appSession.endedAt)))
    .returning({ id: appSession.id, accountId: appSession.accountId, clientId: appSession.clientId });
  if (!ended) return;
  const { id: subject, accountId, clientId } = ended;
  await recordEvent(tx, { action, accountId, subject, at: now, details: { client: clientId }, person: sender });
}

export type AppSessionView = {
  id: string;
  clientId: string;
  /** As its owner named the device. Null until the app has named it. */
  deviceName: string | null;
  since: Date;
  /** To within five minutes. */
  lastSeen: Date;
};

/** Lists the apps that are signed in to an account, the last used first. */
export const listAppSessions = (
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<AppSessionView[]> =>
  db()
    .select({
      id: appSession.id,
      clientId: appSession.clientId,
      deviceName: device.name,
      since: appSession.createdAt,
      lastSeen: appSession.lastSeenAt,
    })
    .from(appSession)
    .leftJoin(device, eq(device.id, appSession.deviceId))
    .where(and(eq(appSession.accountId, accountId), isLiveApp(now)))
    .orderBy(desc(appSession.lastSeenAt), desc(appSession.createdAt));

/** Days for which a spent refresh token is recognised, and an ended session kept. */
const DAYS_KEPT = 30;

/**
 * Deletes sessions that ended a month ago or longer, refresh tokens that were spent a month ago, and requests a day after
 * they expired. Runs hourly.
 */
export async function sweepApps({ now }: { now: Date }): Promise<void> {
  const monthAgo = new Date(now.getTime() - DAYS_KEPT * 86_400_000);
  const dayAgo = new Date(now.getTime() - 86_400_000);
  await db().delete(authorizationRequest).where(lt(authorizationRequest.expiresAt, dayAgo));
  await db().delete(spentRefreshToken).where(lt(spentRefreshToken.spentAt, monthAgo));
  await db()
    .delete(appSession)
    .where(or(lt(appSession.endedAt, monthAgo), lt(appSession.idleUntil, monthAgo)));
}
