import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account, passkey, session } from "@/lib/db/schema/account";
import { isLive } from "@/lib/account/session/sessions";

export type AccountOverview = {
  /** Whether mails before a subscription ends are wanted. */
  reminders: boolean;
  passkeys: number;
  /** Browsers that are signed in. */
  sessions: number;
};

/** What My account says of an account beyond what its session knows. */
export async function readOverview({ accountId }: { accountId: string }): Promise<AccountOverview> {
  const count = { count: sql`count(*)::int` };
  const passkeys = db().select(count).from(passkey).where(eq(passkey.accountId, account.id));
  const sessions = db()
    .select(count)
    .from(session)
    .where(and(eq(session.accountId, account.id), isLive));
  const [found] = await db()
    .select({
      reminders: sql<boolean>`${account.remindersOffAt} is null`,
      passkeys: sql<number>`(${passkeys})`,
      sessions: sql<number>`(${sessions})`,
    })
    .from(account)
    .where(eq(account.id, accountId));
  if (!found) throw new Error("an account that is signed in exists");
  return found;
}
