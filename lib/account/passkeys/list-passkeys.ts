import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { passkey } from "@/lib/db/schema/account";

export type PasskeyView = { id: string; name: string; createdAt: Date; lastUsedAt: Date | null };

const view = { id: passkey.id, name: passkey.name, createdAt: passkey.createdAt, lastUsedAt: passkey.lastUsedAt };

/** An account's passkeys, oldest first. */
export const listPasskeys = (accountId: string): Promise<PasskeyView[]> =>
  db()
    .select(view)
    .from(passkey)
    .where(eq(passkey.accountId, accountId))
    .orderBy(asc(passkey.createdAt), asc(passkey.id));

/** Finds one of an account's passkeys. Null for somebody else's and for an unknown one. @param one.id a UUID */
export async function findPasskey(one: { id: string; accountId: string }): Promise<PasskeyView | null> {
  const [found] = await db()
    .select(view)
    .from(passkey)
    .where(and(eq(passkey.id, one.id), eq(passkey.accountId, one.accountId)));
  return found ?? null;
}
