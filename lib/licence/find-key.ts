import "server-only";
import { runPrepared } from "@/lib/db/client";
import { knownProduct, type ProductCode } from "@/lib/brand";
import type { KeyState, SaleTerms } from "@/lib/licence/refusal";
import type { Term } from "@/lib/licence/term";
import { guessingLock, type GuessingCounters } from "@/lib/limits/guessing";

export type FoundKey = SaleTerms & {
  state: KeyState;
  id: number;
  /** The versions of the key and of its batch. A decision is valid while neither has changed. */
  version: number;
  batchVersion: number;
  batchId: string;
  product: ProductCode;
  seats: number;
  term: Term;
};

/** The account's fields that decide what a key gives it. */
export type AskingAccount = { country: string; timeZone: string; ledgerVersion: number; hasSubscriptions: boolean };

export type Look = {
  holder: AskingAccount;
  /** Null: no such key was ever issued here. */
  key: FoundKey | null;
  /** When the caller may try again; null: now. */
  lockedUntil: Date | null;
};

type Row = AskingAccount & KeyRow;

type KeyRow = {
  lockedUntil: Date | null;
  id: string | null;
  version: number;
  batchVersion: number;
  batchId: string;
  voidedAt: Date | null;
  ownerId: string | null;
  releasedAt: Date | null;
  redeemBy: string | null;
  regions: string[] | null;
  product: string;
  seats: number;
  months: number;
  days: number;
  grantId: string | null;
  subscriptionId: string | null;
};

const keyColumns = `
  k.id, k.version, b.version AS "batchVersion", b.id AS "batchId", k.voided_at AS "voidedAt", k.account_id AS "ownerId",
  coalesce(k.released_at, b.released_at) AS "releasedAt", b.redeem_by::text AS "redeemBy", b.regions,
  p.code AS product, p.seats, b.months, b.days, g.id AS "grantId", g.subscription_id AS "subscriptionId"`;

const keyJoins = `
  LEFT JOIN product_key k ON k.lookup = asked.lookup
  LEFT JOIN key_batch b ON b.id = k.batch_id
  LEFT JOIN product p ON p.code = b.product_code
  LEFT JOIN grant_entry g ON g.key_id = k.id AND g.undone_at IS NULL`;

const select = `
  SELECT a.country, a.time_zone AS "timeZone", a.ledger_version AS "ledgerVersion",
         EXISTS (SELECT FROM subscription s WHERE s.account_id = a.id) AS "hasSubscriptions",
         ${guessingLock("$3", "$4", "$5")} AS "lockedUntil", ${keyColumns}
    FROM account a CROSS JOIN (SELECT $2::bytea AS lookup) asked ${keyJoins}
   WHERE a.id = $1 AND a.erased_at IS NULL`;

const selectForNobody = `
  SELECT ${guessingLock("$2", "$3", "$4")} AS "lockedUntil", ${keyColumns}
    FROM (SELECT $1::bytea AS lookup) asked ${keyJoins}`;

/**
 * Reads, in one statement, a key with its state, the account that asks for it, and whether that account or its network
 * has guessed too often.
 * @param lookup the key's digest, 32 bytes
 * @throws Error when the account does not exist or was erased
 */
export async function findKey(lookup: Buffer, accountId: string, counters: GuessingCounters): Promise<Look> {
  const { account, network, seen } = counters;
  const [row] = await runPrepared<Row>("find-key", select, [accountId, lookup, account, network, seen]);
  if (!row) throw new Error("the account of a live session does not exist");
  const { country, timeZone, ledgerVersion, hasSubscriptions, lockedUntil } = row;
  return {
    holder: { country, timeZone, ledgerVersion, hasSubscriptions },
    lockedUntil,
    key: row.id === null ? null : keyOf(row, row.id),
  };
}

/** Like {@link findKey}, for somebody who is not signed in. */
export async function findKeyForNobody(lookup: Buffer, counters: GuessingCounters): Promise<Omit<Look, "holder">> {
  const { account, network, seen } = counters;
  const [row] = await runPrepared<KeyRow>("find-key-for-nobody", selectForNobody, [lookup, account, network, seen]);
  const { lockedUntil, id } = row!;
  return { lockedUntil, key: id === null ? null : keyOf(row!, id) };
}

const keyOf = (row: KeyRow, id: string): FoundKey => ({
  id: Number(id),
  version: row.version,
  batchVersion: row.batchVersion,
  batchId: row.batchId,
  state: stateOf(row),
  releasedAt: row.releasedAt,
  redeemBy: row.redeemBy,
  regions: row.regions,
  product: knownProduct(row.product),
  seats: row.seats,
  term: { months: row.months, days: row.days },
});

function stateOf({ voidedAt, ownerId, grantId, subscriptionId }: KeyRow): KeyState {
  if (voidedAt) return { name: "withdrawn" };
  if (!ownerId) return { name: "issued" };
  return grantId && subscriptionId ? { name: "redeemed", ownerId, grantId, subscriptionId } : { name: "kept", ownerId };
}
