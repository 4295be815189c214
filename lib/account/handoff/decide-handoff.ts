import "server-only";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { session } from "@/lib/db/schema/account";
import { handoff } from "@/lib/db/schema/oauth";
import { lockAccount } from "@/lib/account/lock-account";
import { PICKUP_TIME } from "@/lib/account/handoff/handoffs";
import { isLive, type Client } from "@/lib/account/session/sessions";

type Decision = { id: string; accountId: string; sessionId: string };
type Context = { now: Date; client: Client };
type Decided = { status: "confirmed" | "refused" | "late" };

/** Lets the device that claimed a code sign in. Repeating it, or deciding otherwise later, gives the first decision. */
export const confirmHandoff = (decision: Decision, context: Context): Promise<Decided> =>
  decide(decision, "confirmed", context);

/** Turns the device that claimed a code away. */
export const refuseHandoff = (decision: Decision, context: Context): Promise<Decided> =>
  decide(decision, "refused", context);

/** @returns `late`: expired, unclaimed, unknown, or shown in another session */
const decide = (
  { id, accountId, sessionId }: Decision,
  decision: "confirmed" | "refused",
  { now, client }: Context,
): Promise<Decided> =>
  transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const mine = and(eq(handoff.id, id), eq(handoff.accountId, accountId), eq(handoff.sessionId, sessionId));
    const pickUpUntil = new Date(now.getTime() + PICKUP_TIME).toISOString();
    const liveSession = tx
      .select({ id: session.id })
      .from(session)
      .where(and(eq(session.id, sessionId), isLive));
    const { rowCount } = await tx
      .update(handoff)
      .set({
        ...{ decision, decidedAt: now },
        ...(decision === "confirmed" && {
          expiresAt: sql`greatest(${handoff.expiresAt}, ${pickUpUntil}::timestamptz)`,
        }),
      })
      .where(
        and(
          mine,
          sql`${handoff.claimedAt} is not null`,
          isNull(handoff.decision),
          gt(handoff.expiresAt, now),
          sql`exists ${liveSession}`,
        ),
      );
    if (rowCount === 0) {
      const [before] = await tx.select({ decision: handoff.decision }).from(handoff).where(mine);
      return before?.decision ? { status: before.decision as "confirmed" | "refused" } : { status: "late" };
    }
    const what = { accountId, subject: id, at: now, person: client };
    if (decision === "confirmed") await recordEvent(tx, { action: "handoff.confirmed", ...what });
    else await recordEvent(tx, { action: "handoff.refused", ...what });
    return { status: decision };
  });
