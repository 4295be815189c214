import "server-only";
import { createHmac } from "node:crypto";
import { sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { env } from "@/lib/env";
import { count } from "@/lib/metrics";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** At most `max` in a window of `seconds`, which starts with the first. */
export type Window = { kind: "window"; max: number; seconds: number };
/** `free` failures, then each further one locks for 2, 4, 8 … seconds, at most `longest`. Forgotten after `seconds`. */
export type Backoff = { kind: "backoff"; free: number; longest: number; seconds: number };

const passwordBackoff = { kind: "backoff", free: 5, longest: 15 * MINUTE, seconds: 24 * HOUR } as const;

/**
 * Limits on failures. Whether an attempt fails is known after it, so attempts in flight are bounded apart from those
 * that failed: see attempt.ts. Durations are in seconds.
 */
export const failureLimits = {
  /** Wrong passwords, per address typed, whether or not it has an account. */
  passwordPerAddress: passwordBackoff,
  /**
   * Wrong passwords from a browser that the account knows, and in a live session. They count apart, so that strangers
   * lock out nobody.
   */
  passwordPerBrowser: passwordBackoff,
  passwordPerSession: passwordBackoff,
  signInPerNetwork: { kind: "window", max: 10, seconds: MINUTE },
  /** Answers that an address has an account, which a network could collect. */
  takenPerNetwork: { kind: "window", max: 20, seconds: 10 * MINUTE },
} as const satisfies Record<string, Window | Backoff>;

/**
 * Limits on whatever costs something, successful or not. Durations are in seconds. Those of a network let an office or
 * a mobile carrier through on the day that everybody buys.
 */
const windows = {
  /** Passkey ceremonies begun. The sign-in page begins one by itself. */
  passkeyPerNetwork: { kind: "window", max: 600, seconds: MINUTE },
  createAccountPerNetwork: { kind: "window", max: 300, seconds: 10 * MINUTE },
  /** Cases that an account opens. */
  disputePerAccount: { kind: "window", max: 5, seconds: HOUR },
  /** Emails that ask to confirm the deletion of an account. */
  deletionMailPerAccount: { kind: "window", max: 3, seconds: HOUR },
  /** New passwords checked in a reset or a change of password. */
  newPasswordPerNetwork: { kind: "window", max: 300, seconds: 10 * MINUTE },
  /** Reset emails, per address typed, whether or not it has an account. Further requests are dropped silently. */
  resetMailPerMinute: { kind: "window", max: 1, seconds: MINUTE },
  resetMailPerHour: { kind: "window", max: 3, seconds: HOUR },
  resetMailPerNetwork: { kind: "window", max: 100, seconds: 10 * MINUTE },
  /** Emails that ask to confirm an address, per address. */
  confirmMailPerMinute: { kind: "window", max: 1, seconds: MINUTE },
  confirmMailPerHour: { kind: "window", max: 5, seconds: HOUR },
  /** New addresses an account asks for. */
  changeEmailPerAccount: { kind: "window", max: 5, seconds: HOUR },
  /** Well-formed product keys and partner codes that do not exist. */
  keyMissPerAccount: { kind: "window", max: 10, seconds: HOUR },
  keyMissPerNetwork: { kind: "window", max: 30, seconds: HOUR },
  /** Codes of hand-offs that an account makes, one every ten minutes and page. */
  handoffPerAccount: { kind: "window", max: 60, seconds: HOUR },
  /** Emails with the link of a hand-off. */
  handoffMailPerAccount: { kind: "window", max: 5, seconds: HOUR },
  /** Well-formed codes of hand-offs that do not exist. */
  handoffMissPerNetwork: { kind: "window", max: 20, seconds: 10 * MINUTE },
  /** Requests for the tokens of one hand-off that nobody has confirmed yet. */
  handoffPolls: { kind: "window", max: 120, seconds: MINUTE },
  /** Requests of a partner's program, per token. */
  partnerPerToken: { kind: "window", max: 600, seconds: MINUTE },
  /** Times that a partner's program suspends or resumes a lease. Each one makes the lease's ledger longer and is emailed. */
  leaseChangePerLease: { kind: "window", max: 20, seconds: 24 * HOUR },
  /** Authorization requests of apps, which are stored. */
  authorizationPerNetwork: { kind: "window", max: 300, seconds: 10 * MINUTE },
  /** Codes and tokens of apps that are refused. */
  appMissPerNetwork: { kind: "window", max: 300, seconds: 10 * MINUTE },
  /** Requests of a signed-in app. An app needs a handful a day. */
  appPerSession: { kind: "window", max: 300, seconds: MINUTE },
  /** Another look-up of the same unknown key is not a new guess. */
  keyMissSeen: { kind: "window", max: 1, seconds: HOUR },
} as const satisfies Record<string, Window>;

export type FailureLimit = keyof typeof failureLimits;
type WindowName = keyof typeof windows;
export type LimitName = FailureLimit | WindowName;

/** `last`: this one reaches the limit, unless it is given back. */
export type Reservation = { allowed: true; last: boolean } | { allowed: false; until: Date };

/** What is left of a limit: until the end of its window it admits `left` more. */
export type Quota = { allowed: true; last: boolean; left: number; until: Date } | { allowed: false; until: Date };

/**
 * Counts something before it is done, in one statement on the database's clock, so that a parallel burst cannot exceed
 * the limit. Use {@link giveBack} for what turns out not to count.
 * @param subject what is counted, for example an account's id or a network; only a keyed digest of it is stored
 * @param on a transaction, when it counts only if that transaction commits
 */
export async function reserve(name: WindowName, subject: string, on: Database | Transaction = db()): Promise<Quota> {
  const { max, seconds } = windows[name];
  const key = counterKey(name, subject);
  const ended = sql`c.ends_at <= now()`;
  const { rows } = await on.execute<{ count: number; until: string | Date }>(sql`
    INSERT INTO limit_counter AS c ("limit", key, count, ends_at)
    VALUES (${name}, ${key}, 1, now() + make_interval(secs => ${seconds}))
    ON CONFLICT ("limit", key) DO UPDATE
       SET count = CASE WHEN ${ended} THEN 1 ELSE c.count + 1 END,
           ends_at = CASE WHEN ${ended} THEN excluded.ends_at ELSE c.ends_at END
     WHERE ${ended} OR c.count < ${max}
    RETURNING c.count, c.ends_at AS until`);
  const row = rows[0];
  if (row) return { allowed: true, last: row.count >= max, left: max - row.count, until: new Date(row.until) };
  count("limits_hit", { limit: name });
  const { rows: kept } = await on.execute<{ until: string | Date }>(
    sql`SELECT ends_at AS until FROM limit_counter WHERE "limit" = ${name} AND key = ${key}`,
  );
  return { allowed: false, until: new Date(kept[0]?.until ?? Date.now()) };
}

/** Gives one back: the window counts one less. */
export async function giveBack(name: WindowName, subject: string, on: Database | Transaction = db()): Promise<void> {
  await on.execute(
    sql`UPDATE limit_counter SET count = greatest(count - 1, 0) WHERE "limit" = ${name} AND key = ${counterKey(name, subject)}`,
  );
}

/** Deletes counters that have ended. Runs hourly. */
export async function sweepLimits(): Promise<void> {
  await db().execute(sql`DELETE FROM limit_counter WHERE ends_at <= now()`);
}

/** A window limit's numbers, for a statement that reads the limit together with something else. */
export const limitOf = (
  name: "keyMissPerAccount" | "keyMissPerNetwork" | "partnerPerToken" | "appPerSession" | "handoffMissPerNetwork",
) => windows[name];

/** The key of a counter's row: a keyed digest, so that the table holds no address, network or product key. */
export const counterKey = (name: LimitName, subject: string): Buffer =>
  createHmac("sha256", env().secrets.auth).update(`limit:${name}:${subject}`).digest();
