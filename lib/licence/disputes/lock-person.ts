import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";

/**
 * Locks the account of a dispute until the transaction ends, so that its disputes change one after the other and none
 * outlives an erasure. Null: there is no such account any more.
 */
export async function lockPerson(tx: Transaction, accountId: string): Promise<{ email: string } | null> {
  const [person] = await tx
    .select({ email: account.email })
    .from(account)
    .where(and(eq(account.id, accountId), isNull(account.erasedAt)))
    .for("no key update");
  return person ?? null;
}
