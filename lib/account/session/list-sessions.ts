import "server-only";
import { and, desc, eq } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { session } from "@/lib/db/schema/account";
import { browserName } from "@/lib/account/session/browser-name";
import { isLive } from "@/lib/account/session/sessions";

export type SessionView = {
  id: string;
  /** What the browser calls itself; null where it does not say. */
  browser: string | null;
  system: string | null;
  since: Date;
  /** To within five minutes. */
  lastSeen: Date;
};

/** Lists an account's live sessions, the last used first. */
export async function listSessions({ accountId }: { accountId: string }): Promise<SessionView[]> {
  const found = await db()
    .select({
      id: session.id,
      userAgent: session.userAgent,
      since: session.createdAt,
      lastSeen: session.lastSeenAt,
    })
    .from(session)
    .where(and(eq(session.accountId, accountId), isLive))
    .orderBy(desc(session.lastSeenAt), desc(session.createdAt));
  return found.map(({ userAgent, ...rest }) => ({ ...rest, ...browserName(userAgent) }));
}
