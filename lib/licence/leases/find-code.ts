import "server-only";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { runPrepared } from "@/lib/db/client";
import { guessingLock, type GuessingCounters } from "@/lib/limits/guessing";

export type FoundCode = {
  id: number;
  product: ProductCode;
  seats: number;
  partner: { name: string; slug: string };
  /** Last day to redeem, YYYY-MM-DD, inclusive; null: none. */
  redeemBy: string | null;
  /** The lease that the code became, with its first grant. Null: nobody has redeemed it. */
  lease: { ownerId: string; grantId: string; subscriptionId: string } | null;
};

/** `code`: null when no such code was ever issued here. `lockedUntil`: when the caller may try again; null: now. */
export type CodeLook = { hasSubscriptions: boolean; code: FoundCode | null; lockedUntil: Date | null };

type Row = {
  hasSubscriptions: boolean;
  lockedUntil: Date | null;
  id: string | null;
  product: string;
  seats: number;
  partner: string;
  slug: string;
  redeemBy: string | null;
  ownerId: string | null;
  subscriptionId: string;
  grantId: string;
};

const select = `
  SELECT EXISTS (SELECT FROM subscription s WHERE s.account_id = a.id) AS "hasSubscriptions",
         ${guessingLock("$3", "$4", "$5")} AS "lockedUntil",
         c.id, p.code AS product, p.seats, r.name AS partner, r.slug, b.redeem_by::text AS "redeemBy",
         l.account_id AS "ownerId", l.subscription_id AS "subscriptionId",
         (SELECT g.id FROM grant_entry g WHERE g.lease_id = l.id ORDER BY g.seq LIMIT 1) AS "grantId"
    FROM account a
    LEFT JOIN partner_code c ON c.lookup = $2
    LEFT JOIN partner_batch b ON b.id = c.batch_id
    LEFT JOIN partner r ON r.id = b.partner_id
    LEFT JOIN product p ON p.code = b.product_code
    LEFT JOIN lease l ON l.code_id = c.id
   WHERE a.id = $1 AND a.erased_at IS NULL`;

/**
 * Reads, in one statement, a partner code with its lease, and whether the account that asks or its network has guessed
 * too often.
 * @param lookup the code's digest, 32 bytes
 * @throws Error when the account does not exist or was erased
 */
export async function findCode(lookup: Buffer, accountId: string, counters: GuessingCounters): Promise<CodeLook> {
  const { account, network, seen } = counters;
  const [row] = await runPrepared<Row>("find-code", select, [accountId, lookup, account, network, seen]);
  if (!row) throw new Error("the account of a live session does not exist");
  const { hasSubscriptions, lockedUntil } = row;
  return { hasSubscriptions, lockedUntil, code: row.id === null ? null : codeOf(row, row.id) };
}

const codeOf = (row: Row, id: string): FoundCode => ({
  id: Number(id),
  product: knownProduct(row.product),
  seats: row.seats,
  partner: { name: row.partner, slug: row.slug },
  redeemBy: row.redeemBy,
  lease:
    row.ownerId === null ? null : { ownerId: row.ownerId, grantId: row.grantId, subscriptionId: row.subscriptionId },
});
