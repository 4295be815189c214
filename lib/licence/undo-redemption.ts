import "server-only";
import { and, eq, isNotNull } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { grantEntry } from "@/lib/db/schema/ledger";
import { productKey } from "@/lib/db/schema/licence";
import { readKeptKeys, startsNext } from "@/lib/licence/kept-keys";
import { lockLedger, readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import { takeBack, takingBackOf, type TakingBack } from "@/lib/licence/take-back";

type Owned = { grantId: string; accountId: string };

/** `startsNext`: the last group of the kept key that starts by itself as soon as this activation is undone. */
export type Undo = TakingBack & { startsNext: string | null };

/**
 * Finds out what undoing would change. A device may have used the time: it cannot be undone then. Null: unknown, somebody
 * else's, withdrawn, undone before, or too late.
 */
export async function findUndo({ grantId, accountId }: Owned, { now }: { now: Date }): Promise<Undo | null> {
  const [ledgers, kept] = await Promise.all([readLedger(accountId), readKeptKeys(accountId)]);
  const undo = undoOf(ledgers, grantId, now);
  return undo && { ...undo, startsNext: startsNext(undo, kept) };
}

function undoOf(ledgers: readonly SubscriptionLedger[], grantId: string, now: Date): TakingBack | null {
  const found = takingBackOf(ledgers, grantId, now);
  return found && found.until > now ? found : null;
}

export type Undoing = { status: "undone"; keptId: string } | { status: "changed" | "notPossible" };

/**
 * Takes an activation back: the key is kept for later again, with its whole term. Repeating a request gives the first
 * result again.
 * @param shownEnd the subscription's end afterwards, as the person was shown it: ISO, or "" when nothing remains
 */
export async function undoRedemption(
  { grantId, accountId, shownEnd }: Owned & { shownEnd: string },
  { now }: { now: Date },
): Promise<Undoing> {
  return transaction(async (tx) => {
    await lockLedger(tx, accountId);
    const undo = undoOf(await readLedger(accountId, tx), grantId, now);
    if (!undo || undo.isUsed) {
      const before = await findUndone(tx, { grantId, accountId });
      return before ? { status: "undone", keptId: before } : { status: "notPossible" };
    }
    if ((undo.endsAfter?.toISOString() ?? "") !== shownEnd) return { status: "changed" };
    const keptId = await takeBack(tx, { grantId, accountId }, now);
    await recordEvent(tx, { action: "key.undone", accountId, subject: grantId, at: now });
    return { status: "undone", keptId };
  });
}

async function findUndone(tx: Transaction, { grantId, accountId }: Owned): Promise<string | null> {
  const [row] = await tx
    .select({ keptId: productKey.keptId })
    .from(grantEntry)
    .innerJoin(productKey, eq(productKey.id, grantEntry.keyId))
    .where(and(eq(grantEntry.id, grantId), eq(productKey.accountId, accountId), isNotNull(grantEntry.undoneAt)));
  return row?.keptId ?? null;
}
