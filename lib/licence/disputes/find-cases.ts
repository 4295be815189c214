import "server-only";
import { and, asc, between, eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { dispute } from "@/lib/db/schema/dispute";
import { event } from "@/lib/db/schema/event";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { caseCodeOf, type RefusalReason } from "@/lib/licence/refusal";
import type { DisputeState } from "@/lib/licence/disputes/list-disputes";

/** A refused key, for an operator. It names the account that asked and never the one that uses the key. */
export type Case = {
  caseCode: string;
  reason: RefusalReason;
  /** When this account was refused this key for this reason for the first time. */
  at: Date;
  account: { id: string; email: string; locale: string };
  /** Null: the key was never issued here, or the refusal is older than the record of its batch. */
  batch: {
    id: string;
    product: string;
    months: number;
    channel: string;
    note: string | null;
    regions: string[] | null;
    redeemBy: string | null;
  } | null;
  /** The key as it is now. */
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
      const batchId = details["batch"] === undefined ? null : String(details["batch"]);
      return {
        ...{ caseCode, reason, at, account },
        batch: batchId === null ? null : await readBatch(batchId),
        key: batchId === null ? null : await findKeyOf({ caseCode, reason, batchId, accountId: account.id }),
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

/** Rows whose codes are computed at once. */
const PAGE = 10_000;

/**
 * Finds the key of a refusal by computing the case code of every key in its batch: a code alone leads to no key.
 */
async function findKeyOf(of: {
  caseCode: string;
  reason: RefusalReason;
  batchId: string;
  accountId: string;
}): Promise<Case["key"]> {
  const isOfBatch = eq(productKey.batchId, of.batchId);
  const [ends] = await db()
    .select({ first: sql<string>`min(${productKey.id})`, last: sql<string>`max(${productKey.id})` })
    .from(productKey)
    .where(isOfBatch);
  for (let from = Number(ends!.first); from <= Number(ends!.last); from += PAGE) {
    const page = await db()
      .select({ id: productKey.id, lookup: productKey.lookup })
      .from(productKey)
      .where(and(isOfBatch, between(productKey.id, from, from + PAGE - 1)));
    const found = page.find(({ lookup }) => caseCodeOf(lookup, of.accountId, of.reason) === of.caseCode);
    if (found) return readKey(found.id, of.accountId);
  }
  return null;
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
