import "server-only";
import { randomUUID } from "node:crypto";
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { grantEntry } from "@/lib/db/schema/ledger";
import { productKey } from "@/lib/db/schema/licence";
import { foldCoverage } from "@/lib/licence/coverage";
import { lockLedger, projectEnd, readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import type { ProductCode } from "@/lib/brand";
import type { Term } from "@/lib/licence/term";

/** Milliseconds after an activation in which its owner can take it back. */
export const UNDO_WITHIN = 24 * 3_600_000;

type Owned = { grantId: string; accountId: string };

/** What undoing an activation would change. */
export type Undo = {
  product: ProductCode;
  hint: string;
  term: Term;
  /** Undo is possible before this instant. */
  until: Date;
  /** The end of the subscription now. */
  endsAt: Date;
  /** Its end afterwards. Null: nothing else gives it time, so that it ends now. */
  endsAfter: Date | null;
};

/** Finds out what undoing would change. Null: unknown, somebody else's, withdrawn, undone before, or too late. */
export async function findUndo({ grantId, accountId }: Owned, { now }: { now: Date }): Promise<Undo | null> {
  return undoOf(await readLedger(accountId), grantId, now);
}

function undoOf(ledgers: readonly SubscriptionLedger[], grantId: string, now: Date): Undo | null {
  for (const { product, endsAt, grants } of ledgers) {
    const line = grants.find(({ grant }) => grant.id === grantId);
    if (!line) continue;
    const { grant, term, source } = line;
    const until = undoUntil(line);
    if (!until || until <= now) return null;
    const others = grants.map((one) => one.grant).filter(({ id }) => id !== grant.id);
    const after = foldCoverage(others).endsAt;
    return { product, hint: source.hint, term, until, endsAt, endsAfter: after && after > now ? after : null };
  }
  return null;
}

/** Until when a grant's owner can take it back. Null: never, because it was undone or withdrawn. */
export const undoUntil = ({ grant, source }: SubscriptionLedger["grants"][number]): Date | null =>
  grant.undoneAt || source.withdrawnAt ? null : new Date(grant.grantedAt.getTime() + UNDO_WITHIN);

export type Undoing = { status: "undone"; keptId: string } | { status: "changed" | "notPossible" };

/**
 * Takes an activation back: the key is kept for later again, with its whole term. Grants that follow start earlier and
 * lose no day. Repeating a request gives the first result again.
 * @param shownEnd the subscription's end afterwards, as the person was shown it: ISO, or "" when nothing remains
 */
export async function undoRedemption(
  { grantId, accountId, shownEnd }: Owned & { shownEnd: string },
  { now }: { now: Date },
): Promise<Undoing> {
  return transaction(async (tx) => {
    await lockLedger(tx, accountId);
    const ledgers = await readLedger(accountId, tx);
    const undo = undoOf(ledgers, grantId, now);
    if (!undo) {
      const before = await findUndone(tx, { grantId, accountId });
      return before ? { status: "undone", keptId: before } : { status: "notPossible" };
    }
    if ((undo.endsAfter?.toISOString() ?? "") !== shownEnd) return { status: "changed" };

    const [grant] = await tx
      .update(grantEntry)
      .set({ undoneAt: now })
      .where(and(eq(grantEntry.id, grantId), isNull(grantEntry.undoneAt)))
      .returning({ keyId: grantEntry.keyId, subscriptionId: grantEntry.subscriptionId });
    const { keyId, subscriptionId } = grant!;
    const [key] = await tx
      .update(productKey)
      .set({
        state: "kept",
        redeemedAt: null,
        keptAt: now,
        keptId: sql`coalesce(${productKey.keptId}, ${randomUUID()}::uuid)`,
        startsItself: false,
      })
      .where(and(eq(productKey.id, keyId!), eq(productKey.accountId, accountId), isNull(productKey.voidedAt)))
      .returning({ keptId: productKey.keptId });
    await projectEnd(tx, { accountId, subscriptionId }, now);
    await recordEvent(tx, { action: "key.undone", accountId, subject: grantId, at: now });
    return { status: "undone", keptId: key!.keptId! };
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
