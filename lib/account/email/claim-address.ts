import "server-only";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";

/** The first half of PostgreSQL's two-part advisory locks; the second is the address. */
const LOCK_CLASS = 0x6d_61_69_6c;

/**
 * Whether an account may take an address: no other account has it or can still restore it. The address stays claimed
 * until the transaction ends, so of two accounts that want it at once, one is refused.
 * @param claim.email canonical
 * @param claim.accountId null: an account that does not exist yet
 * @param claim.leaves the account's former address, which others may be waiting for
 */
export async function claimAddress(
  tx: Transaction,
  { email, accountId, leaves }: { email: string; accountId: string | null; leaves?: string },
  { now }: { now: Date },
): Promise<boolean> {
  // Lock in one order everywhere, so that two accounts that swap addresses cannot deadlock.
  for (const address of [...new Set([email, leaves ?? email])].sort())
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCK_CLASS}, hashtext(${address}))`);
  const { rows } = await tx.execute<{ taken: boolean }>(sql`
    SELECT EXISTS (SELECT 1 FROM account WHERE email = ${email} AND id IS DISTINCT FROM ${accountId}::uuid)
        OR EXISTS (SELECT 1 FROM one_time_token WHERE email = ${email} AND account_id IS DISTINCT FROM ${accountId}::uuid
                      AND purpose = 'restore-email' AND used_at IS NULL AND expires_at > ${now.toISOString()}) AS taken`);
  return !rows[0]?.taken;
}
