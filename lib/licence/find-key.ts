import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { grantEntry, keyBatch, product, productKey } from "@/lib/db/schema/licence";
import { isProductCode, type ProductCode } from "@/lib/brand";
import type { KeyFacts } from "@/lib/licence/refusal";
import type { Term } from "@/lib/licence/term";

export type FoundKey = KeyFacts & {
  id: number;
  product: ProductCode;
  seats: number;
  term: Term;
};

/** Reads a key with its batch and product by its look-up digest; null: no such key was ever issued here. */
export async function findKey(tx: Transaction | Database, lookup: Buffer): Promise<FoundKey | null> {
  const [row] = await tx
    .select({
      id: productKey.id,
      voidedAt: productKey.voidedAt,
      ownerId: productKey.accountId,
      activatedAt: sql<string | null>`coalesce(${productKey.activatedAt}, ${keyBatch.activatedAt})`,
      redeemBy: keyBatch.redeemBy,
      regions: keyBatch.regions,
      product: product.code,
      seats: product.seats,
      months: keyBatch.months,
      days: keyBatch.days,
    })
    .from(productKey)
    .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
    .innerJoin(product, eq(product.code, keyBatch.productCode))
    .where(eq(productKey.lookup, lookup));
  if (!row) return null;
  const { months, days, activatedAt, ...key } = row;
  return {
    ...key,
    product: knownProduct(row.product),
    term: { months, days },
    activatedAt: activatedAt === null ? null : new Date(activatedAt),
  };
}

/** The live grant that a key gave. */
export async function findGrantOfKey(
  tx: Transaction | Database,
  keyId: number,
): Promise<{ grantId: string; subscriptionId: string } | null> {
  const [row] = await tx
    .select({ grantId: grantEntry.id, subscriptionId: grantEntry.subscriptionId })
    .from(grantEntry)
    .where(and(eq(grantEntry.source, "key"), eq(grantEntry.sourceId, keyId), isNull(grantEntry.undoneAt)));
  return row ?? null;
}

export async function readHolder(accountId: string): Promise<{ country: string; timeZone: string }> {
  const [row] = await db()
    .select({ country: account.country, timeZone: account.timeZone })
    .from(account)
    .where(eq(account.id, accountId));
  if (!row) throw new Error("the account of a live session does not exist");
  return row;
}

/** @throws when the database holds a product that lib/brand.ts does not name. */
export function knownProduct(code: string): ProductCode {
  if (!isProductCode(code)) throw new Error(`lib/brand.ts does not name the product ${code}`);
  return code;
}
