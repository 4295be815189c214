import "server-only";
import { runPrepared } from "@/lib/db/client";
import { lookupDigest } from "@/lib/licence/key-vault";

/** Whether one of these accounts keeps or has redeemed a key (canonical). It does not say which. */
export async function isKeyOfAny({ key, accountIds }: { key: string; accountIds: string[] }): Promise<boolean> {
  if (accountIds.length === 0) return false;
  const [found] = await runPrepared<{ isTheirs: boolean }>(
    "key-of-any",
    `SELECT EXISTS (SELECT FROM product_key WHERE lookup = $1 AND account_id = ANY ($2::uuid[])) AS "isTheirs"`,
    [lookupDigest(key), accountIds],
  );
  return found!.isTheirs;
}
