import "server-only";
import { runPrepared } from "@/lib/db/client";
import { counterKey, limitOf, reserve } from "@/lib/limits/limits";
import { lookupOf } from "@/lib/account/handoff/handoff-code";
import { sessionLives, stateOf, type HandoffState } from "@/lib/account/handoff/handoffs";

export type FoundCode = {
  id: string;
  accountId: string;
  state: HandoffState;
  expiresAt: Date;
  challenge: string | null;
  clientId: string | null;
  number: number | null;
  appSessionId: string | null;
};

type Row = {
  id: string | null;
  account_id: string;
  expires_at: Date;
  claimed_at: Date | null;
  decision: string | null;
  app_session_id: string | null;
  challenge: string | null;
  client_id: string | null;
  number: number | null;
  is_shown: boolean | null;
  locked_until: Date | null;
};

/**
 * Finds a hand-off by its code. It writes nothing, except that it counts a code that does not exist: a network may guess
 * only so often. While it is locked out, no code of that network is looked at.
 * @param canonical as `readHandoffCode` gives it
 */
export async function findCode(
  canonical: string,
  { network, now }: { network: string | null; now: Date },
): Promise<{ status: "found"; handoff: FoundCode } | { status: "unknown" } | { status: "limited"; until: Date }> {
  const guesser = network ?? "unknown";
  const [row] = await runPrepared<Row>(
    "find-handoff-code",
    `SELECT h.id, h.account_id, h.expires_at, h.claimed_at, h.decision, h.app_session_id, h.challenge, h.client_id,
            h.number, ${sessionLives} AS is_shown, lock.ends_at AS locked_until
       FROM (VALUES (1)) AS one
       LEFT JOIN handoff h ON h.lookup = $1
       LEFT JOIN session s ON s.id = h.session_id
       LEFT JOIN limit_counter lock ON lock."limit" = 'handoffMissPerNetwork' AND lock.key = $2
                                   AND lock.ends_at > now() AND lock.count >= ${limitOf("handoffMissPerNetwork").max}`,
    [lookupOf(canonical), counterKey("handoffMissPerNetwork", guesser)],
  );
  if (row?.locked_until) return { status: "limited", until: row.locked_until };
  if (!row || row.id === null) {
    // Counted before it is told, so that guesses in parallel learn no more.
    const counted = await reserve("handoffMissPerNetwork", guesser);
    return counted.allowed ? { status: "unknown" } : { status: "limited", until: counted.until };
  }
  return {
    status: "found",
    handoff: {
      id: row.id,
      accountId: row.account_id,
      // A code ends with the session that shows it, but an exchange that was answered may be repeated.
      state: row.is_shown || row.app_session_id ? stateOf(row, now) : "expired",
      expiresAt: row.expires_at,
      challenge: row.challenge,
      clientId: row.client_id,
      number: row.number,
      appSessionId: row.app_session_id,
    },
  };
}
