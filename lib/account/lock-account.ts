import "server-only";
import { eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";

/** Locks the account's row until the transaction ends, so that changes to who may sign in run one after the other. */
export async function lockAccount(tx: Transaction, accountId: string) {
  const [row] = await tx
    .select({
      id: account.id,
      name: account.name,
      email: account.email,
      emailVerifiedAt: account.emailVerifiedAt,
      passwordHash: account.passwordHash,
      leavesAt: account.leavesAt,
    })
    .from(account)
    .where(eq(account.id, accountId))
    .for("no key update");
  return row ?? null;
}
