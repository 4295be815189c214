import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account, oneTimeToken, passkey, session } from "@/lib/db/schema/account";
import { dispute } from "@/lib/db/schema/dispute";
import { appSession } from "@/lib/db/schema/oauth";
import { isLive, isLiveApp } from "@/lib/account/session/sessions";
import { isPending } from "@/lib/account/tokens";

export type AccountOverview = {
  passkeys: number;
  /** Browsers that are signed in. */
  sessions: number;
  /** Apps that are signed in. */
  apps: number;
  /** Refused keys that the person disputed. */
  cases: number;
  /** Whether emails tell of the end of a subscription. */
  reminders: boolean;
  /** The address that will replace the account's once it is confirmed. */
  wishedEmail: string | null;
};

/**
 * Reads the data that My account shows besides the caller's, in one statement.
 * @throws Error when the account does not exist
 */
export async function getOverview(
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<AccountOverview> {
  const count = { count: sql`count(*)::int` };
  const passkeys = db().select(count).from(passkey).where(eq(passkey.accountId, account.id));
  const sessions = db()
    .select(count)
    .from(session)
    .where(and(eq(session.accountId, account.id), isLive));
  const apps = db()
    .select(count)
    .from(appSession)
    .where(and(eq(appSession.accountId, account.id), isLiveApp(now)));
  const cases = db().select(count).from(dispute).where(eq(dispute.accountId, account.id));
  const wished = db()
    .select({ email: oneTimeToken.email })
    .from(oneTimeToken)
    .where(and(eq(oneTimeToken.accountId, account.id), isPending(["change-email"], now)));
  const [found] = await db()
    .select({
      passkeys: sql<number>`(${passkeys})`,
      sessions: sql<number>`(${sessions})`,
      apps: sql<number>`(${apps})`,
      cases: sql<number>`(${cases})`,
      reminders: sql<boolean>`${account.remindersOffAt} IS NULL`,
      wishedEmail: sql<string | null>`(${wished})`,
    })
    .from(account)
    .where(eq(account.id, accountId));
  if (!found) throw new Error("the account of a live session does not exist");
  return found;
}
