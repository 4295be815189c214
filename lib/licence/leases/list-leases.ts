import "server-only";
import { and, between, eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { lease, partnerBatch, partnerCode } from "@/lib/db/schema/partner";
import { digestsFrom } from "@/lib/licence/key-vault";
import type { LeaseState } from "@/lib/licence/sources/lease";
import { codeReference } from "@/lib/licence/partners/code-reference";

/** A lease as its partner sees it. It names no customer. */
export type LeaseView = {
  id: string;
  /** The reference of its code, which the partner got with the code. */
  reference: string;
  product: string;
  state: LeaseState;
  startedAt: Date;
  /** When it came into its state. */
  changedAt: Date;
};

export const leaseColumns = {
  id: lease.id,
  lookup: partnerCode.lookup,
  product: partnerBatch.productCode,
  state: sql<LeaseState>`${lease.state}`,
  startedAt: lease.startedAt,
  changedAt: lease.changedAt,
};

export const viewOf = ({ id, lookup, product, state, startedAt, changedAt }: Row): LeaseView => ({
  ...{ id, reference: codeReference(lookup), product, state, startedAt, changedAt },
});

type Row = Omit<LeaseView, "reference"> & { lookup: Buffer };

type Asked = {
  partnerId: string;
  state?: LeaseState | undefined;
  reference?: string | undefined;
  /** The `next` of the page before. */
  after?: string | undefined;
  limit: number;
};

/**
 * Lists a partner's leases, the oldest first.
 * @returns `next`: the cursor of the page after this one; null: this is the last. Null instead of a list: `after` is no
 * cursor.
 */
export async function listLeases({
  partnerId,
  state,
  reference,
  after,
  limit,
}: Asked): Promise<{ leases: LeaseView[]; next: string | null } | null> {
  const cursor = after === undefined ? null : readCursor(after);
  if (cursor === undefined) return null;
  const rows = await db()
    .select(leaseColumns)
    .from(lease)
    .innerJoin(partnerCode, eq(partnerCode.id, lease.codeId))
    .innerJoin(partnerBatch, eq(partnerBatch.id, partnerCode.batchId))
    .where(
      and(
        eq(lease.partnerId, partnerId),
        state && eq(lease.state, state),
        reference === undefined
          ? undefined
          : between(partnerCode.lookup, ...digestsFrom(Buffer.from(reference, "base64url"))),
        cursor ? sql`(${lease.startedAt}, ${lease.id}) > (${cursor.at}::timestamptz, ${cursor.id}::uuid)` : undefined,
      ),
    )
    .orderBy(lease.startedAt, lease.id)
    .limit(limit + 1);
  const leases = rows.slice(0, limit).map(viewOf);
  const last = leases.at(-1);
  return { leases, next: last && rows.length > limit ? `${last.startedAt.getTime()}.${last.id}` : null };
}

/** Undefined: not a cursor. */
function readCursor(text: string): { at: string; id: string } | undefined {
  const [, at, id] = /^(\d{1,13})\.([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/.exec(text) ?? [];
  return at && id ? { at: new Date(Number(at)).toISOString(), id } : undefined;
}
