import "server-only";
import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { appSession, authorizationRequest } from "@/lib/db/schema/oauth";
import { digestOf } from "@/lib/account/digest";
import { lockAccount } from "@/lib/account/lock-account";
import { firstRefreshToken, type AppTokens } from "@/lib/account/oauth/app-tokens";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import type { Sender } from "@/lib/account/oauth/sender";

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
      if (!isMine) return endReplayed(tx, asked.appSession.id, { now, sender, clientId });
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

/** The challenge of a verifier by PKCE's method S256 (RFC 7636, 4.2). */
export const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

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

async function endReplayed(
  tx: Transaction,
  id: string,
  { now, sender, clientId }: { now: Date; sender: Sender; clientId: string },
): Promise<null> {
  const [ended] = await tx
    .update(appSession)
    .set({ endedAt: now })
    .where(sql`${appSession.id} = ${id} and ${appSession.endedAt} is null`)
    .returning({ accountId: appSession.accountId });
  if (!ended) return null;
  const what = { action: "app.replayed", subject: id, details: { client: clientId } } as const;
  await recordEvent(tx, { ...what, accountId: ended.accountId, at: now, person: sender });
  return null;
}
