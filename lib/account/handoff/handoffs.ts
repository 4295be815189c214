import "server-only";
import { lt } from "drizzle-orm";
import type { System } from "@/lib/brand";
import { db, runPrepared } from "@/lib/db/client";
import { handoff } from "@/lib/db/schema/oauth";
import { handoffCodeOf, lookupOf } from "@/lib/account/handoff/handoff-code";

/** Milliseconds for which a code can be claimed and confirmed. */
export const HANDOFF_LIFETIME = 10 * 60_000;
/** Milliseconds that a confirmed device has at least to fetch its tokens. */
export const PICKUP_TIME = 5 * 60_000;

/** How far a hand-off has come. `open`: no device has claimed it. `expired`: in time, nobody went on. */
export type HandoffState = "open" | "claimed" | "confirmed" | "refused" | "expired";

/** A device as it names itself. Nobody has verified it. */
export type HandoffDevice = { name: string; model: string | null; system: System };

/** A hand-off as the screen that shows its code sees it. */
export type HandoffView = {
  id: string;
  state: HandoffState;
  /** Null: it cannot be claimed any more. */
  code: string | null;
  createdAt: Date;
  expiresAt: Date;
  claimedAt: Date | null;
  device: HandoffDevice | null;
  /** Both screens show it, for comparison. */
  number: number | null;
  decidedAt: Date | null;
  /** When the device fetched its tokens. */
  signedInAt: Date | null;
  /** When the app on the device was signed out again, there or on another screen. Null: it was not. */
  signedOutAt: Date | null;
  /** When the device took a seat, after it signed in. Null: it has none now. */
  seatTakenAt: Date | null;
  /** The device is protected until then, in a subscription that runs. Null: it is not. */
  protectedUntil: Date | null;
};

type Times = {
  expires_at: Date;
  claimed_at: Date | null;
  decision: string | null;
  app_session_id: string | null;
};

export function stateOf({ expires_at, claimed_at, decision, app_session_id }: Times, now: Date): HandoffState {
  if (decision === "refused") return "refused";
  if (app_session_id !== null) return "confirmed";
  if (expires_at <= now) return "expired";
  if (decision === "confirmed") return "confirmed";
  return claimed_at ? "claimed" : "open";
}

type Row = Times & {
  session_id: string;
  id: string | null;
  lookup: Buffer;
  created_at: Date;
  device_name: string | null;
  device_model: string | null;
  device_system: System | null;
  number: number | null;
  decided_at: Date | null;
  signed_in_at: Date | null;
  signed_out_at: Date | null;
  activated_at: Date | null;
  ends_at: Date | null;
};

/** SQL condition on `s`, the session that shows a code: neither revoked nor expired. A code ends with its session. */
export const sessionLives = "s.revoked_at IS NULL AND s.idle_until > now() AND s.absolute_until > now()";

/**
 * The newest hand-off of each live session, with the seat of its device, in one statement for any number of sessions.
 * @returns by session: null for a session without a hand-off, no entry for one that is over
 */
export async function readHandoffs(
  sessionIds: readonly string[],
  { now }: { now: Date },
): Promise<Map<string, HandoffView | null>> {
  const rows = await runPrepared<Row>(
    "read-handoffs",
    `SELECT s.id AS session_id, h.id, h.lookup, h.created_at, h.expires_at, h.claimed_at, h.decision, h.decided_at,
            h.device_name, h.device_model, h.device_system, h.number, h.app_session_id,
            app.created_at AS signed_in_at, app.ended_at AS signed_out_at, held.activated_at, held.ends_at
       FROM session s
       LEFT JOIN LATERAL (
         SELECT * FROM handoff WHERE session_id = s.id ORDER BY created_at DESC, expires_at DESC LIMIT 1) h ON true
       LEFT JOIN app_session app ON app.id = h.app_session_id
       LEFT JOIN LATERAL (
         SELECT a.activated_at, sub.ends_at
           FROM device d
           JOIN activation a ON a.device_id = d.id AND a.released_at IS NULL
           JOIN subscription sub ON sub.id = a.subscription_id
          WHERE d.account_id = s.account_id AND d.install_id = h.install_id AND app.ended_at IS NULL) held
         ON app.id IS NOT NULL
      WHERE s.id = ANY($1::uuid[]) AND ${sessionLives}`,
    [sessionIds],
  );
  return new Map(rows.map((row) => [row.session_id, viewOf(row, now)]));
}

/** The newest hand-off of a session. Null: there is none, or the session is over. */
export const findHandoff = async (
  { sessionId }: { sessionId: string },
  { now }: { now: Date },
): Promise<HandoffView | null> => (await readHandoffs([sessionId], { now })).get(sessionId) ?? null;

function viewOf(row: Row, now: Date): HandoffView | null {
  const { id, device_name, device_model, device_system, signed_in_at, activated_at, ends_at } = row;
  if (id === null) return null;
  const code = handoffCodeOf(id);
  // The AUTH_SECRET has changed since.
  const isLost = !lookupOf(code).equals(row.lookup);
  const found = stateOf(row, now);
  const state = isLost && found === "open" ? "expired" : found;
  return {
    id,
    state,
    code: state === "open" ? code : null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    claimedAt: row.claimed_at,
    device:
      device_name !== null && device_system !== null
        ? { name: device_name, model: device_model, system: device_system }
        : null,
    number: row.number,
    decidedAt: row.decided_at,
    signedInAt: signed_in_at,
    signedOutAt: row.signed_out_at,
    seatTakenAt: activated_at && signed_in_at && (activated_at > signed_in_at ? activated_at : signed_in_at),
    protectedUntil: ends_at && ends_at > now ? ends_at : null,
  };
}

/** Milliseconds for which an ended hand-off is kept, so that its page can say how it ended. */
const KEPT = 86_400_000;

/** Deletes hand-offs that ended a day ago or longer. Runs hourly. */
export async function sweepHandoffs({ now }: { now: Date }): Promise<void> {
  await db()
    .delete(handoff)
    .where(lt(handoff.expiresAt, new Date(now.getTime() - KEPT)));
}
