import "server-only";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { grantAmendment, grantEntry, subscription } from "@/lib/db/schema/licence";
import type { LedgerGrant } from "@/lib/licence/coverage";

export type SubscriptionLedger = {
  id: string;
  productCode: string;
  version: number;
  endsAt: Date;
  grants: LedgerGrant[];
};

/**
 * Locks an account's ledger until the transaction ends: everything that changes coverage does this first, after the
 * product key's own row. NO KEY UPDATE, because setting `product_key.account_id` already shares the row's key: two
 * redemptions that both asked for FOR UPDATE here would wait for each other.
 */
export async function lockLedger(tx: Transaction, accountId: string): Promise<{ country: string; timeZone: string }> {
  const [row] = await tx
    .select({ country: account.country, timeZone: account.timeZone })
    .from(account)
    .where(eq(account.id, accountId))
    .for("no key update");
  if (!row) throw new Error("the account of a live session does not exist");
  return row;
}

/** An account's subscriptions with their grants in the order they were given, oldest subscription first. */
export async function readLedger(
  tx: Transaction | Database,
  { accountId, productCode }: { accountId: string; productCode?: string },
): Promise<SubscriptionLedger[]> {
  const subscriptions = await tx
    .select({
      id: subscription.id,
      productCode: subscription.productCode,
      version: subscription.version,
      endsAt: subscription.endsAt,
    })
    .from(subscription)
    .where(
      and(eq(subscription.accountId, accountId), productCode ? eq(subscription.productCode, productCode) : undefined),
    )
    .orderBy(asc(subscription.createdAt), asc(subscription.id));
  if (subscriptions.length === 0) return [];

  const ids = subscriptions.map(({ id }) => id);
  const truncatedAt = sql<string | null>`min(${grantAmendment.at}) filter (where ${grantAmendment.kind} = 'truncate')`;
  const grants = await tx
    .select({
      id: grantEntry.id,
      subscriptionId: grantEntry.subscriptionId,
      grantedAt: grantEntry.grantedAt,
      seq: grantEntry.seq,
      months: grantEntry.months,
      days: grantEntry.days,
      undoneAt: grantEntry.undoneAt,
      truncatedAt,
    })
    .from(grantEntry)
    .leftJoin(grantAmendment, eq(grantAmendment.grantId, grantEntry.id))
    .where(inArray(grantEntry.subscriptionId, ids))
    .groupBy(grantEntry.id)
    .orderBy(asc(grantEntry.seq));

  return subscriptions.map((one) => ({
    ...one,
    grants: grants
      .filter((grant) => grant.subscriptionId === one.id)
      .map(({ subscriptionId: _, truncatedAt, ...grant }) => ({
        ...grant,
        truncatedAt: truncatedAt === null ? null : new Date(truncatedAt),
      })),
  }));
}

/** Moves a subscription's projected end to its ledger's, and its version on, so that older previews no longer hold. */
export async function projectEnd(tx: Transaction, subscriptionId: string, endsAt: Date): Promise<void> {
  await tx
    .update(subscription)
    .set({ endsAt, version: sql`${subscription.version} + 1` })
    .where(eq(subscription.id, subscriptionId));
}
