import "server-only";
import { and, eq, inArray, or } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { grantEntry } from "@/lib/db/schema/ledger";
import { productKey } from "@/lib/db/schema/licence";
import { openKey } from "@/lib/licence/key-vault";

/**
 * Opens a redeemed or kept key for its owner and records that it was shown. The caller must have made the person step
 * up.
 * @param id of the key's grant, or its name while it is kept
 * @returns the canonical 25 symbols; null for an unknown id and for somebody else's, which look alike
 */
export async function revealKey(
  { id, accountId }: { id: string; accountId: string },
  { now }: { now: Date },
): Promise<string | null> {
  return transaction(async (tx) => {
    const ofGrant = tx.select({ keyId: grantEntry.keyId }).from(grantEntry).where(eq(grantEntry.id, id));
    const [row] = await tx
      .select({ keyId: productKey.id, sealed: productKey.sealed })
      .from(productKey)
      .where(and(eq(productKey.accountId, accountId), or(eq(productKey.keptId, id), inArray(productKey.id, ofGrant))));
    if (!row?.sealed) return null;
    const key = openKey(row.sealed, { keyId: row.keyId, accountId });
    await recordEvent(tx, { action: "key.shown", accountId, subject: id, at: now });
    return key;
  });
}
