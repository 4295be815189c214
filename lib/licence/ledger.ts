import "server-only";
import { sql } from "drizzle-orm";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { runPrepared, type Transaction } from "@/lib/db/client";
import { foldCoverage, OPEN_END, type Gives } from "@/lib/licence/coverage";
import { truncationOf, type AmendedGrant, type Amendment } from "@/lib/licence/history";
import { sourceColumns, sourceJoins, sourceOf, type GrantSource, type SourceRow } from "@/lib/licence/sources/source";
import type { Term } from "@/lib/licence/term";

/** A grant with its amendments and its source. */
export type LedgerLine = AmendedGrant & { term: Term; source: GrantSource };

export type SubscriptionLedger = {
  id: string;
  product: ProductCode;
  seats: number;
  /** Devices that hold a seat. */
  seatsTaken: number;
  /** Until when a device held a seat: {@link OPEN_END} while one does, null when none ever did. */
  usedUntil: Date | null;
  endsAt: Date;
  grants: LedgerLine[];
};

type Row = SourceRow & {
  id: string;
  product: string;
  seats: number;
  seatsTaken: number;
  usedUntil: Date | null;
  endsAt: Date;
  grantId: string | null;
  grantedAt: Date;
  seq: string;
  months: number;
  days: number;
  undoneAt: Date | null;
  /** In the order in which they were stored; null: none. PostgreSQL writes their instants in ISO 8601. */
  amendments: (Omit<Amendment, "at"> & { at: string })[] | null;
};

const select = (subscriptions: string) => `
  SELECT s.id, s.product_code AS product, p.seats, u.taken AS "seatsTaken", u.until AS "usedUntil", s.ends_at AS "endsAt",
         g.id AS "grantId", g.granted_at AS "grantedAt", g.seq, g.months, g.days, g.undone_at AS "undoneAt",
         (SELECT json_agg(json_build_object('kind', m.kind, 'at', m.at) ORDER BY m.id)
            FROM grant_amendment m WHERE m.grant_id = g.id) AS amendments,
         ${sourceColumns}
    FROM subscription s
    JOIN product p ON p.code = s.product_code
    CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE released_at IS NULL))::int AS taken,
             max(coalesce(released_at, '${OPEN_END.toISOString()}')) AS until
        FROM activation WHERE subscription_id = s.id) u
    LEFT JOIN grant_entry g ON g.subscription_id = s.id
    ${sourceJoins}
   WHERE ${subscriptions}
   ORDER BY s.created_at, s.id, g.seq`;

const ofAccount = select("s.account_id = $1");

const ofGrant = select(`
  s.id = (SELECT o.subscription_id FROM grant_entry o WHERE o.id = $1)
     AND EXISTS (SELECT FROM account a WHERE a.id = s.account_id AND a.erased_at IS NULL)`);

/**
 * Reads an account's subscriptions, the oldest first, with their grants in the order they were stored. It runs one
 * statement.
 * @param tx the transaction to read in; without it, a connection of the pool reads
 */
export const readLedger = async (accountId: string, tx?: Transaction): Promise<SubscriptionLedger[]> =>
  ledgersOf(await runPrepared<Row>("read-ledger", ofAccount, [accountId], tx));

/**
 * Reads the subscription of a grant, whoever owns it, with one statement. Null: there is no such grant, or its account was
 * erased.
 */
export async function readLedgerOfGrant(grantId: string): Promise<SubscriptionLedger | null> {
  const [ledger] = ledgersOf(await runPrepared<Row>("read-ledger-of-grant", ofGrant, [grantId]));
  return ledger ?? null;
}

function ledgersOf(rows: readonly Row[]): SubscriptionLedger[] {
  const ledgers = new Map<string, SubscriptionLedger>();
  for (const row of rows) {
    const { id, seats, seatsTaken, usedUntil, endsAt, grantId, months, days } = row;
    const about = { id, product: knownProduct(row.product), seats, seatsTaken, usedUntil, endsAt };
    const ledger = ledgers.get(id) ?? { ...about, grants: [] };
    ledgers.set(id, ledger);
    if (grantId === null) continue;
    const { grantedAt, undoneAt } = row;
    const amendments = (row.amendments ?? []).map(({ kind, at }) => ({ kind, at: new Date(at) }));
    const term = { months, days };
    const source = sourceOf(row);
    const gives = givesOf[source.kind](term);
    ledger.grants.push({
      grant: { id: grantId, gives, grantedAt, seq: Number(row.seq), undoneAt, truncatedAt: truncationOf(amendments) },
      amendments,
      term,
      source,
    });
  }
  return [...ledgers.values()];
}

/** What a grant gives, by its source. */
const givesOf: Record<GrantSource["kind"], (term: Term) => Gives> = {
  key: (term) => ({ kind: "term", ...term }),
  lease: () => ({ kind: "open" }),
};

/**
 * Locks an account's ledger until the transaction ends and increases its version, so that older previews become
 * invalid. Every change of coverage does this first, before it locks a product key.
 * @throws Error when the account does not exist
 */
export async function lockLedger(tx: Transaction, accountId: string): Promise<void> {
  const { rowCount } = await tx.execute(
    sql`UPDATE account SET ledger_version = ledger_version + 1 WHERE id = ${accountId}`,
  );
  if (rowCount !== 1) throw new Error("the owner of a key or lease does not exist");
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
