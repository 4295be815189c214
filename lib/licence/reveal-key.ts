import "server-only";
import { and, eq } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { grantEntry, productKey } from "@/lib/db/schema/licence";
import { openKey } from "@/lib/licence/key-vault";

/**
 * Opens a redeemed key for its owner and records that it was shown. The caller must have made the person step up.
 * @returns the canonical 25 symbols; null for an unknown grant and for somebody else's, which look alike
 */
export async function revealKey(
  { grantId, accountId }: { grantId: string; accountId: string },
  { now }: { now: Date },
): Promise<string | null> {
  return transaction(async (tx) => {
    const [row] = await tx
      .select({ keyId: productKey.id, sealed: productKey.sealed })
      .from(grantEntry)
      .innerJoin(productKey, eq(productKey.id, grantEntry.keyId))
      .where(and(eq(grantEntry.id, grantId), eq(productKey.accountId, accountId)));
    if (!row?.sealed) return null;
    const key = openKey(row.sealed, { keyId: row.keyId, accountId });
    await recordEvent(tx, { action: "key.shown", accountId, subject: grantId, at: now });
    return key;
  });
}
