import "server-only";
import { and, eq, or } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { appSession, spentRefreshToken } from "@/lib/db/schema/oauth";
import { digestOf } from "@/lib/account/digest";
import { endAppSession } from "@/lib/account/oauth/app-sessions";
import type { Sender } from "@/lib/http/sender";

type Revocation = { token: string; clientId: string; sender: Sender };

/**
 * Signs out the app that a token belongs to: its access token, its refresh token, or a spent one.
 * @returns false for a token that is unknown or another client's
 */
export async function revokeToken({ token, clientId, sender }: Revocation, { now }: { now: Date }): Promise<boolean> {
  const hash = digestOf(token);
  const [found] = await db()
    .select({ appSessionId: appSession.id, accountId: appSession.accountId })
    .from(appSession)
    .leftJoin(
      spentRefreshToken,
      and(eq(spentRefreshToken.appSessionId, appSession.id), eq(spentRefreshToken.hash, hash)),
    )
    .where(
      and(
        eq(appSession.clientId, clientId),
        or(eq(appSession.refreshHash, hash), eq(appSession.accessHash, hash), eq(spentRefreshToken.hash, hash)),
      ),
    );
  if (!found) return false;
  await endAppSession(found, { now, sender });
  return true;
}
