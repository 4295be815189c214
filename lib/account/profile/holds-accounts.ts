import "server-only";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";

/** Whether anybody has an account here. */
export async function holdsAccounts(): Promise<boolean> {
  return (await db().select({ id: account.id }).from(account).limit(1)).length > 0;
}
