import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { session } from "@/lib/db/schema/account";
import { lockAccount } from "@/lib/account/lock-account";
import { isLive, revokeSessions, type Client } from "@/lib/account/session/sessions";

type Context = { now: Date; client: Client };

/**
 * Ends one of the account's sessions from another browser. A copy of its cookie stops working at once. A session that
 * has ended or is another account's is left alone, with the same answer.
 */
export const endSessionElsewhere = (
  { accountId, sessionId }: { accountId: string; sessionId: string },
  { now, client }: Context,
): Promise<void> =>
  transaction(async (tx) => {
    const [ended] = await tx
      .update(session)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(session.id, sessionId), eq(session.accountId, accountId), isLive))
      .returning({ browserHash: session.browserHash });
    if (!ended) return;
    // The next sign-in from the browser that was signed out is emailed to the owner.
    if (ended.browserHash) {
      const sameBrowser = and(eq(session.accountId, accountId), eq(session.browserHash, ended.browserHash));
      await tx.update(session).set({ browserHash: null }).where(sameBrowser);
    }
    const what = { action: "session.ended-elsewhere", subject: sessionId } as const;
    await recordEvent(tx, { ...what, accountId, at: now, person: client });
  });

/**
 * Ends every session of the account but this one, of browsers and apps. The account's lock keeps an app from signing in
 * meanwhile with a code from before.
 */
export const endOtherSessions = (
  { accountId, sessionId }: { accountId: string; sessionId: string },
  { now, client }: Context,
): Promise<void> =>
  transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const count = await revokeSessions(tx, { accountId, except: sessionId });
    if (count === 0) return;
    await recordEvent(tx, {
      action: "session.others-ended",
      accountId,
      at: now,
      details: { count },
      person: client,
    });
  });
