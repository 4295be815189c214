import "server-only";
import { eq } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { appSession, authorizationRequest } from "@/lib/db/schema/oauth";
import { digestOf } from "@/lib/account/digest";
import { lockAccount } from "@/lib/account/lock-account";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { firstRefreshToken, type AppTokens } from "@/lib/account/oauth/app-tokens";
import { endReplayed, startAppSession } from "@/lib/account/oauth/app-sessions";
import type { Sender } from "@/lib/http/sender";

type Exchange = { code: string; clientId: string; redirectUri: string; codeVerifier: string; sender: Sender };

/**
 * Exchanges an authorization code for the tokens of a new session. A code works once: used again, it also ends the session
 * that it opened (RFC 6749, 4.1.2).
 * @returns null when the code is unknown, expired or used, or something that it is bound to does not match
 */
export function exchangeCode(
  { code, clientId, redirectUri, codeVerifier, sender }: Exchange,
  { now, randomBytes }: { now: Date; randomBytes: (n: number) => Uint8Array },
): Promise<AppTokens | null> {
  // Drawn once, so that a repeated transaction recognises its own session.
  const random = randomBytes(32);
  return transaction(async (tx) => {
    const asked = await lockRequest(tx, code);
    if (!asked || asked.clientId !== clientId) return null;
    if (asked.appSession) {
      const isMine = digestOf(firstRefreshToken(random)).equals(asked.appSession.refreshHash);
      if (!isMine) {
        await endReplayed(tx, asked.appSession.id, { now, sender });
        return null;
      }
    } else if (asked.expiresAt <= now) return null;
    if (asked.redirectUri !== redirectUri || asked.codeChallenge !== challengeOf(codeVerifier)) return null;
    const means = { now, randomBytes: () => random };
    const started = await startAppSession(tx, { accountId: asked.accountId, clientId, sender }, means);
    if (!started) return null;
    const { appSessionId, ...tokens } = started;
    await tx.update(authorizationRequest).set({ appSessionId }).where(eq(authorizationRequest.id, asked.id));
    return tokens;
  });
}

/** Locks the account, then its request. Simultaneous exchanges of a code run one after the other. */
async function lockRequest(tx: Transaction, code: string) {
  const mine = eq(authorizationRequest.codeHash, digestOf(code));
  const [named] = await tx.select({ accountId: authorizationRequest.accountId }).from(authorizationRequest).where(mine);
  if (!named?.accountId || !(await lockAccount(tx, named.accountId))) return null;
  const [asked] = await tx
    .select({
      id: authorizationRequest.id,
      clientId: authorizationRequest.clientId,
      redirectUri: authorizationRequest.redirectUri,
      codeChallenge: authorizationRequest.codeChallenge,
      expiresAt: authorizationRequest.expiresAt,
      appSession: { id: appSession.id, refreshHash: appSession.refreshHash },
    })
    .from(authorizationRequest)
    .leftJoin(appSession, eq(appSession.id, authorizationRequest.appSessionId))
    .where(mine);
  return asked ? { ...asked, accountId: named.accountId } : null;
}
