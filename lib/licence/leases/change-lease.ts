import "server-only";
import { and, desc, eq, isNotNull, ne } from "drizzle-orm";
import type { ProductCode } from "@/lib/brand";
import { db, transaction, type Transaction } from "@/lib/db/client";
import { recordEvent, type NewEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { grantAmendment, grantEntry } from "@/lib/db/schema/ledger";
import { lease, partner, partnerBatch, partnerCode } from "@/lib/db/schema/partner";
import { postMail, type MailKind } from "@/lib/jobs/outbox";
import { lockLedger, projectEnd } from "@/lib/licence/ledger";
import type { LeaseState } from "@/lib/licence/sources/lease";
import type { Limited } from "@/lib/licence/look-up";
import { reserve } from "@/lib/limits/limits";
import { leaseColumns, viewOf, type LeaseView } from "@/lib/licence/leases/list-leases";

/** What a partner does with a lease. */
export const leaseChanges = ["suspend", "resume", "end"] as const;

export type LeaseChange = (typeof leaseChanges)[number];

/** The state that each change leads to. */
const leadsTo: Record<LeaseChange, LeaseState> = {
  suspend: "suspended",
  resume: "running",
  end: "ended",
};

/** What reports that a lease has come into a state. */
const reports: Record<LeaseState, Pick<NewEvent, "action"> & { kind: MailKind }> = {
  suspended: { action: "lease.suspended", kind: "lease-suspended" },
  running: { action: "lease.resumed", kind: "lease-resumed" },
  ended: { action: "lease.ended", kind: "lease-ended" },
};

export type Changed =
  /** `unchanged`: it is in that state already. */
  | { status: "changed" | "unchanged"; lease: LeaseView }
  /** No such lease, or another partner's. */
  | { status: "unknown" }
  /** It has ended, and an end is final. */
  | { status: "ended" };

type Asked = { leaseId: string; partnerId: string; change: LeaseChange };
type Context = { now: Date; actor: "partner" | "operator" | "system" };

/**
 * Suspends, resumes or ends a partner's lease, in the caller's transaction. Suspending and ending truncate its running
 * grant at `now`, resuming adds a new one. The customer is told by email. Repeating a change changes nothing.
 */
export async function changeLease(
  tx: Transaction,
  { leaseId, partnerId, change }: Asked,
  { now, actor }: Context,
): Promise<Changed> {
  const find = () =>
    tx
      .select({ ...leaseColumns, ...more })
      .from(lease)
      .innerJoin(partnerCode, eq(partnerCode.id, lease.codeId))
      .innerJoin(partnerBatch, eq(partnerBatch.id, partnerCode.batchId))
      .innerJoin(partner, eq(partner.id, partnerBatch.partnerId))
      .innerJoin(account, eq(account.id, lease.accountId))
      .where(and(eq(lease.id, leaseId), eq(partner.id, partnerId)));
  const [seen] = await find();
  if (!seen) return { status: "unknown" };
  await lockLedger(tx, seen.accountId);
  // As it is now that nobody else changes it.
  const found = (await find())[0]!;
  const state = leadsTo[change];
  if (found.state === state) return { status: "unchanged", lease: viewOf(found) };
  if (found.state === "ended") return { status: "ended" };

  const { accountId, subscriptionId, email, slug, name } = found;
  await tx.update(lease).set({ state, changedAt: now }).where(eq(lease.id, leaseId));
  if (state === "running") {
    await tx.insert(grantEntry).values({ subscriptionId, leaseId, months: 0, days: 0, grantedAt: now });
  } else if (found.state === "running") {
    await truncateLast(tx, { leaseId, reason: state, actor }, now);
  }
  await projectEnd(tx, { accountId, subscriptionId }, now);
  const product = found.product as ProductCode;
  const { action, kind } = reports[state];
  await recordEvent(tx, { action, actor, accountId, subject: leaseId, at: now, details: { product, partner: slug } });
  await postMail(tx, { kind, accountId, recipient: email, details: { product, partner: name }, at: now });
  return { status: "changed", lease: viewOf({ ...found, state, changedAt: now }) };
}

/** Thrown inside the transaction, so that a change beyond the limit is not made. */
class TooMany extends Error {
  constructor(readonly until: Date) {
    super("too many changes of a lease");
  }
}

/**
 * Changes a lease for a partner's program, as {@link changeLease} does, in a transaction of its own. A lease may be
 * suspended and resumed a few times a day, and ended at any time.
 */
export async function changeLeaseForPartner(asked: Asked, { now }: { now: Date }): Promise<Changed | Limited> {
  try {
    return await transaction(async (tx) => {
      const changed = await changeLease(tx, asked, { now, actor: "partner" });
      if (changed.status === "changed" && asked.change !== "end") {
        const reservation = await reserve("leaseChangePerLease", changed.lease.id, tx);
        if (!reservation.allowed) throw new TooMany(reservation.until);
      }
      return changed;
    });
  } catch (error) {
    if (error instanceof TooMany) return { status: "limited", until: error.until };
    throw error;
  }
}

const more = {
  accountId: lease.accountId,
  subscriptionId: lease.subscriptionId,
  email: account.email,
  slug: partner.slug,
  name: partner.name,
};

/** Ends the grant of the running period, which is the last: earlier ones were truncated when it was suspended. */
async function truncateLast(
  tx: Transaction,
  { leaseId, reason, actor }: { leaseId: string; reason: string; actor: string },
  now: Date,
): Promise<void> {
  const [grant] = await tx
    .select({ id: grantEntry.id })
    .from(grantEntry)
    .where(eq(grantEntry.leaseId, leaseId))
    .orderBy(desc(grantEntry.seq))
    .limit(1);
  await tx.insert(grantAmendment).values({ grantId: grant!.id, kind: "truncate", at: now, reason, actor });
}

/**
 * Ends the leases of erased accounts: nobody can use them any more, and the partner sees that they have ended. Runs hourly.
 * @returns how many ended
 */
export async function endLeasesOfErased({ now }: { now: Date }): Promise<number> {
  const left = await db()
    .select({ leaseId: lease.id, partnerId: partnerBatch.partnerId })
    .from(lease)
    .innerJoin(account, eq(account.id, lease.accountId))
    .innerJoin(partnerCode, eq(partnerCode.id, lease.codeId))
    .innerJoin(partnerBatch, eq(partnerBatch.id, partnerCode.batchId))
    .where(and(ne(lease.state, "ended"), isNotNull(account.erasedAt)));
  for (const one of left)
    await transaction((tx) => changeLease(tx, { ...one, change: "end" }, { now, actor: "system" }));
  return left.length;
}
