import "server-only";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { runPrepared } from "@/lib/db/client";
import type { Term } from "@/lib/licence/term";

/** A key that its owner keeps for later. */
export type KeptKey = {
  /** Its name in forms. */
  id: string;
  product: ProductCode;
  seats: number;
  term: Term;
  /** The key's last group. */
  hint: string;
  keptAt: Date;
  withdrawnAt: Date | null;
  startsItself: boolean;
};

/** The key that starts by itself when nothing of its product runs any more: of those that may, the one kept longest. */
const nextToStart = (keys: readonly KeptKey[], product: ProductCode): KeptKey | null =>
  keys.find((key) => key.product === product && key.startsItself && !key.withdrawnAt) ?? null;

/** The last group of the kept key that starts when an activation is taken back. Null: none does. */
export const startsNext = (
  { isLast, product }: { isLast: boolean; product: ProductCode },
  kept: readonly KeptKey[],
): string | null => (isLast ? (nextToStart(kept, product)?.hint ?? null) : null);

type Row = Omit<KeptKey, "product" | "term"> & { product: string; months: number; days: number };

const select = `
  SELECT k.kept_id AS id, k.hint, k.kept_at AS "keptAt", k.voided_at AS "withdrawnAt",
         k.starts_itself AS "startsItself", p.code AS product, p.seats, b.months, b.days
    FROM product_key k JOIN key_batch b ON b.id = k.batch_id JOIN product p ON p.code = b.product_code
   WHERE k.account_id = $1 AND k.state = 'kept'
   ORDER BY k.kept_at, k.id`;

/** Reads the keys that an account keeps for later, the oldest first, with one statement. */
export async function readKeptKeys(accountId: string): Promise<KeptKey[]> {
  const rows = await runPrepared<Row>("read-kept-keys", select, [accountId]);
  return rows.map(({ product, months, days, ...row }) => ({
    ...row,
    product: knownProduct(product),
    term: { months, days },
  }));
}
