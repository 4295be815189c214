import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { grantAmendment, grantEntry } from "@/lib/db/schema/ledger";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { postMail } from "@/lib/jobs/outbox";
import { lookupDigest } from "@/lib/licence/key-vault";
import { lockLedger, projectEnd } from "@/lib/licence/ledger";

export type Voiding = { status: "voided" | "voidedAndEnded" | "alreadyVoid" | "unknown" };
export type Restoring = { status: "restored" | "notVoid" | "unknown" };

type Change = { key: string; reason: string };
type Means = { now: Date; lookupSecret: string };

/**
 * Withdraws a lost, stolen or refunded key. The grant of a redeemed key ends at `now`, and days already used stay used.
 * Grants of other keys that follow start earlier and lose no days. Its owner is told. The reason of a repeated
 * withdrawal is recorded as well.
 */
export async function voidKey({ key, reason }: Change, { now, lookupSecret }: Means): Promise<Voiding> {
  return transaction(async (tx) => {
    const seen = await lockKey(tx, lookupDigest(key, lookupSecret));
    if (!seen) return { status: "unknown" };
    const { id, accountId } = seen;
    const event = { actor: "operator" as const, at: now, details: { reason }, ...(accountId && { accountId }) };
    if (seen.voidedAt) {
      await recordEvent(tx, { ...event, action: "key.voided-again", subject: String(id) });
      return { status: "alreadyVoid" };
    }
    await tx.update(productKey).set({ voidedAt: now }).where(eq(productKey.id, id));
    const grantId = accountId && (await amendGrant(tx, { id, accountId, kind: "truncate", reason }, now));
    await recordEvent(tx, { ...event, action: "key.voided", subject: grantId ?? String(id) });
    if (!accountId) return { status: "voided" };
    await tell(tx, "key-withdrawn", { ...seen, accountId, reason }, now);
    return { status: "voidedAndEnded" };
  });
}

/**
 * Takes a withdrawal back, for example of a refund that was cancelled. The key gives all of its term again, as if it had
 * never been withdrawn. Its owner is told.
 */
export async function restoreKey({ key, reason }: Change, { now, lookupSecret }: Means): Promise<Restoring> {
  return transaction(async (tx) => {
    const seen = await lockKey(tx, lookupDigest(key, lookupSecret));
    if (!seen) return { status: "unknown" };
    if (!seen.voidedAt) return { status: "notVoid" };
    const { id, accountId } = seen;
    // A kept key that starts by itself must not start in the past, when nobody could use it.
    const keptAt = sql`CASE WHEN ${productKey.startsItself} THEN ${now.toISOString()}::timestamptz ELSE ${productKey.keptAt} END`;
    await tx.update(productKey).set({ voidedAt: null, keptAt }).where(eq(productKey.id, id));
    const grantId = accountId && (await amendGrant(tx, { id, accountId, kind: "restore", reason }, now));
    await recordEvent(tx, {
      ...{ action: "key.restored", actor: "operator", at: now, details: { reason }, subject: grantId ?? String(id) },
      ...(accountId && { accountId }),
    });
    if (accountId) await tell(tx, "key-restored", { ...seen, accountId, reason }, now);
    return { status: "restored" };
  });
}

/** Reads a key and locks it, after its owner's ledger, as a redemption does. Null: never issued here. */
async function lockKey(tx: Transaction, lookup: Buffer) {
  const columns = {
    ...{ id: productKey.id, accountId: productKey.accountId, voidedAt: productKey.voidedAt },
    ...{ product: keyBatch.productCode, months: keyBatch.months, days: keyBatch.days },
  };
  const ofKey = () =>
    tx.select(columns).from(productKey).innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId)).$dynamic();
  for (;;) {
    const [seen] = await ofKey().where(eq(productKey.lookup, lookup));
    if (!seen) return null;
    if (seen.accountId) await lockLedger(tx, seen.accountId);
    const owner = seen.accountId ? eq(productKey.accountId, seen.accountId) : isNull(productKey.accountId);
    const [locked] = await ofKey()
      .where(and(eq(productKey.id, seen.id), owner))
      .for("update", { of: productKey });
    // Kept, redeemed or moved since it was read. This is rare, so the loop ends.
    if (locked) return locked;
  }
}

/** Changes what the live grant of a key gives, if it has one. @returns the grant's id */
async function amendGrant(
  tx: Transaction,
  change: { id: number; accountId: string; kind: "truncate" | "restore"; reason: string },
  now: Date,
): Promise<string | null> {
  const { id, accountId, kind, reason } = change;
  const [grant] = await tx
    .select({ id: grantEntry.id, subscriptionId: grantEntry.subscriptionId })
    .from(grantEntry)
    .where(and(eq(grantEntry.keyId, id), isNull(grantEntry.undoneAt)));
  if (!grant) return null;
  await tx.insert(grantAmendment).values({ grantId: grant.id, kind, at: now, reason, actor: "operator" });
  await projectEnd(tx, { accountId, subscriptionId: grant.subscriptionId }, now);
  return grant.id;
}

type Told = { accountId: string; product: string; months: number; days: number; reason: string };

async function tell(
  tx: Transaction,
  kind: "key-withdrawn" | "key-restored",
  { accountId, ...details }: Told & { id: number; voidedAt: Date | null },
  now: Date,
): Promise<void> {
  const { product, months, days, reason } = details;
  const [owner] = await tx
    .select({ email: account.email })
    .from(account)
    .where(and(eq(account.id, accountId), isNull(account.erasedAt)));
  if (!owner) return;
  await postMail(tx, { kind, accountId, recipient: owner.email, details: { product, months, days, reason }, at: now });
}
