import "server-only";
import { and, asc, desc, eq, sql } from "drizzle-orm";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { dispute } from "@/lib/db/schema/dispute";
import { keyBatch, productKey } from "@/lib/db/schema/licence";

export const disputeStates = ["open", "answered"] as const;

export type DisputeState = (typeof disputeStates)[number];

/** A person's own case. */
export type DisputeView = {
  id: string;
  caseCode: string;
  product: ProductCode;
  lastGroup: string;
  shop: string;
  state: DisputeState;
  openedAt: Date;
  answer: string | null;
  answeredAt: Date | null;
};

const state = sql<DisputeState>`${dispute.state}`;

const columns = {
  ...{ id: dispute.id, caseCode: dispute.caseCode, product: keyBatch.productCode, lastGroup: dispute.lastGroup },
  ...{ shop: dispute.shop, state, openedAt: dispute.openedAt, answer: dispute.answer, answeredAt: dispute.answeredAt },
};

const ofPeople = () =>
  db()
    .select(columns)
    .from(dispute)
    .innerJoin(productKey, eq(productKey.id, dispute.keyId))
    .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
    .$dynamic();

/** Lists an account's cases, newest first. */
export async function listDisputes({ accountId }: { accountId: string }): Promise<DisputeView[]> {
  const found = await ofPeople().where(eq(dispute.accountId, accountId)).orderBy(desc(dispute.openedAt), dispute.id);
  return found.map(viewOf);
}

/** Finds a case of an account. Null for an unknown id and for somebody else's, which look alike. */
export async function findDispute({ id, accountId }: { id: string; accountId: string }): Promise<DisputeView | null> {
  const [found] = await ofPeople().where(and(eq(dispute.id, id), eq(dispute.accountId, accountId)));
  return found ? viewOf(found) : null;
}

/** The id of the case that an account opened for a refusal; null: none. */
export async function findDisputeId(of: { caseCode: string; accountId: string }): Promise<string | null> {
  const [found] = await db()
    .select({ id: dispute.id })
    .from(dispute)
    .where(and(eq(dispute.accountId, of.accountId), eq(dispute.caseCode, of.caseCode)));
  return found?.id ?? null;
}

/** A case in the operators' list. */
export type ListedDispute = Pick<DisputeView, "caseCode" | "product" | "shop" | "state" | "openedAt" | "answeredAt"> & {
  email: string;
};

/** Lists the cases of all accounts, the longest waiting first. */
export async function listAllDisputes({ state }: { state?: DisputeState | undefined }): Promise<ListedDispute[]> {
  const found = await db()
    .select({
      ...{ caseCode: dispute.caseCode, product: keyBatch.productCode, shop: dispute.shop, state: columns.state },
      ...{ openedAt: dispute.openedAt, answeredAt: dispute.answeredAt, email: account.email },
    })
    .from(dispute)
    .innerJoin(account, eq(account.id, dispute.accountId))
    .innerJoin(productKey, eq(productKey.id, dispute.keyId))
    .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
    .where(state && eq(dispute.state, state))
    .orderBy(asc(dispute.openedAt), dispute.id);
  return found.map(viewOf);
}

/** How many cases wait for an answer. */
export const countOpenDisputes = (): Promise<number> => db().$count(dispute, eq(dispute.state, "open"));

const viewOf = <Row extends { product: string }>(row: Row) => ({ ...row, product: knownProduct(row.product) });
