import "server-only";
import { sql } from "drizzle-orm";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { runPrepared, type Transaction } from "@/lib/db/client";
import { foldCoverage, type LedgerGrant } from "@/lib/licence/coverage";
import { sourceColumns, sourceJoins, sourceOf, type GrantSource, type SourceRow } from "@/lib/licence/sources/source";
import type { Term } from "@/lib/licence/term";

/** A grant with its source. */
export type LedgerLine = { grant: LedgerGrant; term: Term; source: GrantSource };

export type SubscriptionLedger = {
  id: string;
  product: ProductCode;
  seats: number;
  endsAt: Date;
  grants: LedgerLine[];
};

type Row = SourceRow & {
  id: string;
  product: string;
  seats: number;
  endsAt: Date;
  grantId: string | null;
  grantedAt: Date;
  seq: string;
  months: number;
  days: number;
  undoneAt: Date | null;
  truncatedAt: Date | null;
};

const select = `
  SELECT s.id, s.product_code AS product, p.seats, s.ends_at AS "endsAt",
         g.id AS "grantId", g.granted_at AS "grantedAt", g.seq, g.months, g.days, g.undone_at AS "undoneAt",
         (SELECT CASE m.kind WHEN 'truncate' THEN m.at END FROM grant_amendment m
           WHERE m.grant_id = g.id ORDER BY m.id DESC LIMIT 1) AS "truncatedAt",
         ${sourceColumns}
    FROM subscription s
    JOIN product p ON p.code = s.product_code
    LEFT JOIN grant_entry g ON g.subscription_id = s.id
    ${sourceJoins}
   WHERE s.account_id = $1
   ORDER BY s.created_at, s.id, g.seq`;

/**
 * Reads an account's subscriptions, the oldest first, with their grants in the order they were stored. It runs one
 * statement.
 * @param tx the transaction to read in; without it, a connection of the pool reads
 */
export async function readLedger(accountId: string, tx?: Transaction): Promise<SubscriptionLedger[]> {
  const ledgers = new Map<string, SubscriptionLedger>();
  for (const row of await runPrepared<Row>("read-ledger", select, [accountId], tx)) {
    const { id, seats, endsAt, grantId, months, days } = row;
    const ledger = ledgers.get(id) ?? { id, product: knownProduct(row.product), seats, endsAt, grants: [] };
    ledgers.set(id, ledger);
    if (grantId === null) continue;
    const { grantedAt, undoneAt, truncatedAt } = row;
    const term = { months, days };
    ledger.grants.push({
      grant: {
        id: grantId,
        gives: { kind: "term", ...term },
        grantedAt,
        seq: Number(row.seq),
        undoneAt,
        truncatedAt,
      },
      term,
      source: sourceOf(row),
    });
  }
  return [...ledgers.values()];
}

/**
 * Locks an account's ledger until the transaction ends and increases its version, so that older previews become
 * invalid. Every change of coverage does this first, before it locks a product key.
 * @throws Error when the account does not exist
 */
export async function lockLedger(tx: Transaction, accountId: string): Promise<void> {
  const { rowCount } = await tx.execute(
    sql`UPDATE account SET ledger_version = ledger_version + 1 WHERE id = ${accountId}`,
  );
  if (rowCount !== 1) throw new Error("the owner of a product key does not exist");
}

/** Recomputes a subscription's stored end from its ledger. If the ledger covers nothing, the end is `now`. */
export async function projectEnd(
  tx: Transaction,
  { accountId, subscriptionId }: { accountId: string; subscriptionId: string },
  now: Date,
): Promise<void> {
  const ledger = (await readLedger(accountId, tx)).find(({ id }) => id === subscriptionId);
  const endsAt = (ledger && foldCoverage(ledger.grants.map(({ grant }) => grant)).endsAt) ?? now;
  await tx.execute(sql`UPDATE subscription SET ends_at = ${endsAt.toISOString()} WHERE id = ${subscriptionId}`);
}
