import "server-only";
import { and, asc, between, eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { dispute } from "@/lib/db/schema/dispute";
import { event } from "@/lib/db/schema/event";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { digestsFrom } from "@/lib/licence/key-vault";
import { caseCodeOf, type RefusalReason } from "@/lib/licence/refusal";
import type { DisputeState } from "@/lib/licence/disputes/list-disputes";

/** A refused key or code, for an operator. It names the account that asked and never the one that uses the key. */
export type Case = {
  caseCode: string;
  /** A product key or a partner code was refused. */
  of: "key" | "code";
  reason: RefusalReason;
  /** When this account was refused this key for this reason for the first time. */
  at: Date;
  account: { id: string; email: string; locale: string };
  /** Null: the key was never issued here, or the refusal is older than the record of its batch. Of a code, always. */
  batch: {
    id: string;
    product: string;
    months: number;
    channel: string;
    note: string | null;
    regions: string[] | null;
    redeemBy: string | null;
  } | null;
  /** The key as it is now. Null as `batch` is. */
  key: {
    state: "unused" | "usedByThisAccount" | "usedByAnother" | "withdrawn";
    releasedAt: Date | null;
    withdrawnAt: Date | null;
    usedSince: Date | null;
  } | null;
  dispute: {
    state: DisputeState;
    openedAt: Date;
    shop: string;
    boughtOn: string;
    lastGroup: string;
    lastGroupIsRight: boolean;
    receipt: string;
    answer: string | null;
    answeredAt: Date | null;
  } | null;
};

/** What `refuse` records, besides the reason. */
type Recorded = { of?: "code"; batch?: string; digestStart?: string };

/** Finds the refusals with a case code: none, one, or by a coincidence of two accounts' codes several. */
export async function findCases({ caseCode }: { caseCode: string }): Promise<Case[]> {
  const refusals = await db()
    .select({
      at: event.at,
      details: event.details,
      account: { id: account.id, email: account.email, locale: account.locale },
    })
    .from(event)
    .innerJoin(account, eq(account.id, event.accountId))
    .where(and(eq(event.action, "key.refused"), eq(event.subject, caseCode)))
    .orderBy(asc(event.at), asc(event.id));
  return Promise.all(
    refusals.map(async ({ at, details, account }) => {
      const reason = details["reason"] as RefusalReason;
      const { of = "key", batch: batchId, digestStart: start } = details as Recorded;
      return {
        ...{ caseCode, of, reason, at, account },
        batch: batchId ? await readBatch(batchId) : null,
        key: batchId && start ? await findKeyOf({ caseCode, reason, batchId, start, accountId: account.id }) : null,
        dispute: await findDisputeOf({ caseCode, accountId: account.id }),
      };
    }),
  );
}

async function readBatch(batchId: string): Promise<NonNullable<Case["batch"]>> {
  const { id, productCode: product, months, channel, note, regions, redeemBy } = keyBatch;
  const [batch] = await db()
    .select({ id, product, months, channel, note, regions, redeemBy })
    .from(keyBatch)
    .where(eq(id, batchId));
  return batch!;
}

/**
 * Finds the key of a refusal by computing the case code of each key in its batch whose digest starts alike: a code alone
 * leads to no key.
 */
async function findKeyOf(of: {
  caseCode: string;
  reason: RefusalReason;
  batchId: string;
  /** See `digestStart`. */
  start: string;
  accountId: string;
}): Promise<Case["key"]> {
  const alike = await db()
    .select({ id: productKey.id, lookup: productKey.lookup })
    .from(productKey)
    .where(
      and(eq(productKey.batchId, of.batchId), between(productKey.lookup, ...digestsFrom(Buffer.from(of.start, "hex")))),
    );
  const found = alike.find(({ lookup }) => caseCodeOf(lookup, of.accountId, of.reason) === of.caseCode);
  return found ? readKey(found.id, of.accountId) : null;
}

async function readKey(keyId: number, askedBy: string): Promise<NonNullable<Case["key"]>> {
  const [row] = await db()
    .select({
      ownerId: productKey.accountId,
      releasedAt: sql<Date | null>`coalesce(${productKey.releasedAt}, ${keyBatch.releasedAt})`.mapWith(
        productKey.releasedAt,
      ),
      withdrawnAt: productKey.voidedAt,
      usedSince: sql<Date | null>`coalesce(${productKey.redeemedAt}, ${productKey.keptAt})`.mapWith(
        productKey.redeemedAt,
      ),
    })
    .from(productKey)
    .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
    .where(eq(productKey.id, keyId));
  const { ownerId, ...times } = row!;
  const used = ownerId === askedBy ? "usedByThisAccount" : ownerId ? "usedByAnother" : "unused";
  return { state: times.withdrawnAt ? "withdrawn" : used, ...times };
}

async function findDisputeOf(of: { caseCode: string; accountId: string }): Promise<Case["dispute"]> {
  const { openedAt, shop, boughtOn, lastGroup, receipt, answer, answeredAt } = dispute;
  const [found] = await db()
    .select({
      ...{ state: sql<DisputeState>`${dispute.state}`, openedAt, shop, boughtOn, lastGroup },
      // A key that somebody uses has its last group in the clear.
      lastGroupIsRight: sql<boolean>`${productKey.hint} is not distinct from ${lastGroup}`,
      ...{ receipt, answer, answeredAt },
    })
    .from(dispute)
    .innerJoin(productKey, eq(productKey.id, dispute.keyId))
    .where(and(eq(dispute.accountId, of.accountId), eq(dispute.caseCode, of.caseCode)));
  return found ?? null;
}
