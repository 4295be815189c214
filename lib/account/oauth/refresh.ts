import "server-only";
import { sql } from "drizzle-orm";
import { db, retrying, runPrepared, transaction } from "@/lib/db/client";
import { digestOf } from "@/lib/account/digest";
import { endReplayed } from "@/lib/account/oauth/app-sessions";
import {
  accessTokenWith,
  RETRY_WINDOW,
  successorOf,
  TOKEN_LIFETIME,
  type AppTokens,
} from "@/lib/account/oauth/app-tokens";
import type { Sender } from "@/lib/http/sender";

/** Refreshes of one session within an hour. An app that uses its access tokens needs four. */
const MOST_PER_HOUR = 600;

type Refresh = { refreshToken: string; clientId: string; sender: Sender };

/** `over`: the token is unknown, another client's, spent, idle for too long, or its session has ended. */
type Answer = { status: "refreshed"; tokens: AppTokens } | { status: "limited"; until: Date } | { status: "over" };

/**
 * Exchanges a refresh token for its successor and a new access token. Of simultaneous calls one moves the session on, and
 * all get the same tokens. Any other use of a spent token ends its session: two parties have it (RFC 9700, 4.14.2).
 */
export async function refresh({ refreshToken, clientId, sender }: Refresh, { now }: { now: Date }): Promise<Answer> {
  const successor = successorOf(refreshToken);
  const tokens = { accessToken: accessTokenWith(successor), refreshToken: successor };
  const presented = { hash: digestOf(refreshToken), clientId, successorHash: digestOf(successor) };
  const moved = await retrying(() => moveOn({ ...presented, accessHash: digestOf(tokens.accessToken) }, now));
  if (moved) return { status: "refreshed", tokens: { ...tokens, expiresIn: TOKEN_LIFETIME.access } };
  const until = await findLimit(presented, now);
  if (until) return { status: "limited", until };
  const accessUntil = await findRetried(presented, { now, sender });
  if (!accessUntil) return { status: "over" };
  return { status: "refreshed", tokens: { ...tokens, expiresIn: secondsUntil(accessUntil, now) } };
}

const secondsUntil = (end: Date, now: Date) => Math.max(0, Math.floor((end.getTime() - now.getTime()) / 1_000));

/** SQL: how often a session was refreshed within the last hour. */
const refreshed = (id: string, now: string) =>
  `(SELECT count(*) FROM spent_refresh_token p WHERE p.app_session_id = ${id} AND p.spent_at > ${now}::timestamptz - interval '1 hour')`;

type Presented = { hash: Buffer; clientId: string; successorHash: Buffer };

/** Moves a session on to the successor, and records the presented token as spent, in one statement. */
async function moveOn(
  { hash, clientId, successorHash, accessHash }: Presented & { accessHash: Buffer },
  now: Date,
): Promise<boolean> {
  const text = `
    WITH moved AS (
      UPDATE app_session
         SET refresh_hash = $3, access_hash = $4, last_seen_at = $5,
             access_until = $5::timestamptz + make_interval(secs => ${TOKEN_LIFETIME.access}),
             idle_until = $5::timestamptz + make_interval(secs => ${TOKEN_LIFETIME.refreshIdle})
       WHERE refresh_hash = $1 AND client_id = $2 AND ended_at IS NULL AND idle_until > $5
         AND ${refreshed("app_session.id", "$5")} < ${MOST_PER_HOUR}
      RETURNING id)
    INSERT INTO spent_refresh_token (hash, app_session_id, spent_at) SELECT $1, id, $5 FROM moved
    RETURNING app_session_id`;
  const values = [hash, clientId, successorHash, accessHash, now.toISOString()];
  return (await runPrepared("refresh-app-session", text, values)).length === 1;
}

/** When a session that was refreshed too often may be refreshed again. Null for any other. */
async function findLimit({ hash, clientId }: Presented, now: Date): Promise<Date | null> {
  const at = now.toISOString();
  const { rows } = await retrying(() =>
    db().execute<{ until: Date | string }>(sql`
    SELECT p.spent_at + interval '1 hour' AS until
      FROM app_session s JOIN spent_refresh_token p ON p.app_session_id = s.id
     WHERE s.refresh_hash = ${hash} AND s.client_id = ${clientId} AND s.ended_at IS NULL AND s.idle_until > ${at}
       AND p.spent_at > ${at}::timestamptz - interval '1 hour'
     ORDER BY p.spent_at DESC OFFSET ${MOST_PER_HOUR - 1} LIMIT 1`),
  );
  return rows[0] ? new Date(rows[0].until) : null;
}

/** Until when the successor's access token works, if the presented token may be repeated. Otherwise the session ends. */
const findRetried = (
  { hash, clientId, successorHash }: Presented,
  { now, sender }: { now: Date; sender: Sender },
): Promise<Date | null> =>
  transaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string; access_until: Date | string; again: boolean }>(
      sql`
      SELECT s.id, s.access_until,
             s.refresh_hash = ${successorHash}
             AND p.spent_at > ${now.toISOString()}::timestamptz - make_interval(secs => ${RETRY_WINDOW}) AS again
        FROM spent_refresh_token p JOIN app_session s ON s.id = p.app_session_id
       WHERE p.hash = ${hash} AND s.client_id = ${clientId} AND s.ended_at IS NULL
         FOR NO KEY UPDATE OF s`,
    );
    const [spent] = rows;
    if (!spent) return null;
    if (spent.again) return new Date(spent.access_until);
    await endReplayed(tx, spent.id, { now, sender });
    return null;
  });
