import "server-only";
import { and, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { browserDigest } from "@/lib/account/session/sessions";

/** Lists the other accounts that were signed in to in this browser within the last 30 days. @returns their ids */
export async function listOtherAccountsHere({
  accountId,
  browser,
}: {
  accountId: string;
  browser: string | null;
}): Promise<string[]> {
  if (!browser) return [];
  const found = await db()
    .selectDistinct({ id: session.accountId })
    .from(session)
    .innerJoin(account, eq(account.id, session.accountId))
    .where(
      and(
        eq(session.browserHash, browserDigest(browser)),
        ne(session.accountId, accountId),
        gt(session.lastSeenAt, sql`now() - interval '30 days'`),
        isNull(account.erasedAt),
      ),
    );
  return found.map(({ id }) => id);
}
