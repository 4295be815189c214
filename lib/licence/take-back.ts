import "server-only";
import { randomUUID } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { ProductCode } from "@/lib/brand";
import type { Transaction } from "@/lib/db/client";
import { grantEntry } from "@/lib/db/schema/ledger";
import { productKey } from "@/lib/db/schema/licence";
import { foldCoverage } from "@/lib/licence/coverage";
import { projectEnd, type SubscriptionLedger } from "@/lib/licence/ledger";
import type { Term } from "@/lib/licence/term";

/**
 * Milliseconds for which a key can be active and still be taken back, in all its activations by one account: otherwise a
 * key that is undone every day would protect for ever.
 */
export const UNDO_WITHIN = 24 * 3_600_000;

/** What taking an activation back would change. */
export type TakingBack = {
  product: ProductCode;
  hint: string;
  term: Term;
  /** The end of the subscription now. */
  endsAt: Date;
  /** Its end afterwards. Null: nothing else gives it time, so that it ends now. */
  endsAfter: Date | null;
  /** Nothing of its product runs afterwards, so that a kept key that starts by itself does so now. */
  isLast: boolean;
  /** Its owner can undo it before this instant. */
  until: Date;
  /** When its days begin. Null: it gives none. */
  startsAt: Date | null;
  /** A device held a seat while its days ran. It cannot be taken back then. */
  isUsed: boolean;
};

/** Works out what taking an activation back would change. Null: not in these ledgers, withdrawn, or taken back before. */
export function takingBackOf(ledgers: readonly SubscriptionLedger[], grantId: string, now: Date): TakingBack | null {
  for (const { id: subscriptionId, product, endsAt, usedUntil, grants } of ledgers) {
    const line = grants.find(({ grant }) => grant.id === grantId);
    if (!line) continue;
    const until = undoUntil(line);
    if (!until || line.source.kind !== "key") return null;
    const all = grants.map(({ grant }) => grant);
    const parts = foldCoverage(all).segments.flatMap((segment) => segment.parts);
    const after = foldCoverage(all.filter(({ id }) => id !== grantId)).endsAt;
    const endsAfter = after && after > now ? after : null;
    const others = ledgers.filter((other) => other.product === product && other.id !== subscriptionId);
    const startsAt = parts.find((part) => part.grantId === grantId)?.startsAt ?? null;
    return {
      ...{ product, hint: line.source.hint, term: line.term, endsAt, endsAfter, until, startsAt },
      isLast: !endsAfter && others.every((other) => other.endsAt <= now),
      isUsed: isUsed({ startsAt, usedUntil }, now),
    };
  }
  return null;
}

/**
 * Whether a device held a seat while a grant's days ran, if only for a moment: they could otherwise be used and taken back
 * for ever. Days that have not begun are unused.
 */
export const isUsed = (
  { startsAt, usedUntil }: { startsAt: Date | null; usedUntil: Date | null },
  now: Date,
): boolean => startsAt !== null && startsAt <= now && usedUntil !== null && usedUntil > startsAt;

/** Until when a grant's owner can take it back. Null: never, because it was undone or withdrawn, or is a lease's. */
export const undoUntil = ({ grant, source }: SubscriptionLedger["grants"][number]): Date | null =>
  grant.undoneAt || source.kind !== "key" || source.withdrawnAt
    ? null
    : new Date(grant.grantedAt.getTime() + Math.max(0, UNDO_WITHIN - source.undoneFor));

/**
 * Takes a grant's key back: it is kept for later again, with its whole term. Grants that follow start earlier and lose no
 * day. The caller has locked the ledger and found the grant live in it.
 * @returns the key's name while it is kept
 */
export async function takeBack(
  tx: Transaction,
  { grantId, accountId }: { grantId: string; accountId: string },
  now: Date,
): Promise<string> {
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
  return key!.keptId!;
}
