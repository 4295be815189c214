import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { System } from "@/lib/brand";
import { transaction, type Transaction } from "@/lib/db/client";
import { session } from "@/lib/db/schema/account";
import { appSession, handoff } from "@/lib/db/schema/oauth";
import { reserve } from "@/lib/limits/limits";
import { digestOf } from "@/lib/account/digest";
import { lockAccount } from "@/lib/account/lock-account";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import {
  accessTokenWith,
  firstRefreshToken,
  RETRY_WINDOW,
  TOKEN_LIFETIME,
  type AppTokens,
} from "@/lib/account/oauth/app-tokens";
import { challengeOf } from "@/lib/account/oauth/challenge";
import type { Sender } from "@/lib/http/sender";
import { findCode, type FoundCode } from "@/lib/account/handoff/find-code";
import { tokenBytesOf } from "@/lib/account/handoff/handoff-code";
import { isLive } from "@/lib/account/session/sessions";

type Exchange = { code: string; clientId: string; verifier: string };

/** As RFC 8628, 3.5 names them. `invalid_grant`: not this device's, or exchanged before. */
type ExchangeFault = "authorization_pending" | "slow_down" | "access_denied" | "expired_token" | "invalid_grant";

/**
 * Exchanges a confirmed hand-off for an app's first tokens, once. Of simultaneous calls, and of those within a minute, all
 * get the same tokens: a device that lost the answer is not turned away.
 */
export async function exchangeHandoff(
  { code, clientId, verifier }: Exchange,
  { now, sender }: { now: Date; sender: Sender },
): Promise<{ status: "signedIn"; tokens: AppTokens } | { status: "refused"; fault: ExchangeFault }> {
  const found = await findCode(code, { network: sender.addressPrefix, now });
  if (found.status === "limited") return refused("slow_down");
  // An unknown code, and one whose session is over, look like one that has expired.
  if (found.status === "unknown") return refused("expired_token");
  const { state, ...claim } = found.handoff;
  if (claim.challenge === null && state === "expired") return refused("expired_token");
  if (claim.challenge !== challengeOf(verifier) || claim.clientId !== clientId) return refused("invalid_grant");
  switch (state) {
    case "open":
      return refused("invalid_grant");
    case "claimed":
      return refused((await reserve("handoffPolls", claim.id)).allowed ? "authorization_pending" : "slow_down");
    case "refused":
      return refused("access_denied");
    case "expired":
      return refused("expired_token");
    case "confirmed": {
      const random = tokenBytesOf({ id: claim.id, verifier });
      const tokens = await transaction((tx) => exchange(tx, { ...claim, clientId, random }, { now, sender }));
      return tokens ? { status: "signedIn", tokens } : refused("invalid_grant");
    }
  }
}

const refused = (fault: ExchangeFault) => ({ status: "refused", fault }) as const;

type Claim = Pick<FoundCode, "id" | "accountId"> & { clientId: string; random: Buffer };

async function exchange(
  tx: Transaction,
  { id, accountId, clientId, random }: Claim,
  { now, sender }: { now: Date; sender: Sender },
): Promise<AppTokens | null> {
  if (!(await lockAccount(tx, accountId))) return null;
  const [row] = await tx
    .select({
      appSessionId: handoff.appSessionId,
      system: sql<System>`${handoff.deviceSystem}`,
      isShown: sql<boolean>`${session.id} is not null`,
    })
    .from(handoff)
    .leftJoin(session, and(eq(session.id, handoff.sessionId), isLive))
    .where(eq(handoff.id, id));
  if (row?.appSessionId) return repeat(tx, { appSessionId: row.appSessionId, random }, now);
  // Before the account was locked here, its session may have ended, or everything that could still sign in.
  if (!row?.isShown) return null;
  const wanted = { accountId, clientId, system: row.system, sender };
  const started = await startAppSession(tx, wanted, { now, randomBytes: () => random });
  if (!started) return null;
  const { appSessionId, ...tokens } = started;
  await tx.update(handoff).set({ appSessionId }).where(eq(handoff.id, id));
  return tokens;
}

/** The tokens of the first exchange, if it was a moment ago and they are still the session's. */
async function repeat(
  tx: Transaction,
  { appSessionId, random }: { appSessionId: string; random: Buffer },
  now: Date,
): Promise<AppTokens | null> {
  const [before] = await tx
    .select({ createdAt: appSession.createdAt, refreshHash: appSession.refreshHash, endedAt: appSession.endedAt })
    .from(appSession)
    .where(eq(appSession.id, appSessionId));
  const refreshToken = firstRefreshToken(random);
  if (!before || before.endedAt || !before.refreshHash.equals(digestOf(refreshToken))) return null;
  const age = now.getTime() - before.createdAt.getTime();
  if (age > RETRY_WINDOW * 1_000) return null;
  const expiresIn = TOKEN_LIFETIME.access - Math.max(0, Math.ceil(age / 1_000));
  return { accessToken: accessTokenWith(refreshToken), refreshToken, expiresIn };
}
