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
