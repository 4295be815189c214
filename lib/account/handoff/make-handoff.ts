import "server-only";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { session } from "@/lib/db/schema/account";
import { handoff } from "@/lib/db/schema/oauth";
import { reserve } from "@/lib/limits/limits";
import { lockAccount } from "@/lib/account/lock-account";
import { handoffCodeOf, lookupOf } from "@/lib/account/handoff/handoff-code";
import { HANDOFF_LIFETIME } from "@/lib/account/handoff/handoffs";
import { isLive } from "@/lib/account/session/sessions";

type Screen = { accountId: string; sessionId: string };

/**
 * Makes a code for the browser's session, and voids its older codes that no device has claimed. While a claimed one waits
 * for its answer there is no other: it is the one to answer.
 * @param newId a source of random UUIDs
 */
export async function makeHandoff(
  { accountId, sessionId }: Screen,
  { now, newId }: { now: Date; newId: () => string },
): Promise<{ status: "made" | "waiting" | "ended" } | { status: "limited"; until: Date }> {
  const reservation = await reserve("handoffPerAccount", accountId);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  return transaction(async (tx) => {
    if (!(await lockAccount(tx, accountId))) return { status: "ended" };
    const [shown] = await tx
      .select({ id: session.id })
      .from(session)
      .where(and(eq(session.id, sessionId), eq(session.accountId, accountId), isLive));
    if (!shown) return { status: "ended" };
    const undecided = and(eq(handoff.sessionId, sessionId), isNull(handoff.decision), gt(handoff.expiresAt, now));
    const [waiting] = await tx
      .select({ id: handoff.id })
      .from(handoff)
      .where(and(undecided, sql`${handoff.claimedAt} is not null`))
      .limit(1);
    if (waiting) return { status: "waiting" };
    await tx
      .update(handoff)
      .set({ expiresAt: now })
      .where(and(undecided, isNull(handoff.claimedAt)));
    while (!(await insert(tx, { accountId, sessionId, id: newId() }, now))) continue;
    return { status: "made" };
  });
}

/** @returns false when an older hand-off has the same code */
async function insert(tx: Transaction, { id, ...screen }: Screen & { id: string }, now: Date): Promise<boolean> {
  const expiresAt = new Date(now.getTime() + HANDOFF_LIFETIME);
  const { rowCount } = await tx
    .insert(handoff)
    .values({ id, ...screen, lookup: lookupOf(handoffCodeOf(id)), createdAt: now, expiresAt })
    .onConflictDoNothing({ target: handoff.lookup });
  return rowCount === 1;
}
