import "server-only";
import { createHmac } from "node:crypto";
import { sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { env } from "@/lib/env";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

type Limit =
  /** At most `max` attempts in a window of `seconds`, which starts with the first attempt. */
  | { kind: "window"; max: number; seconds: number }
  /**
   * `free` attempts, then each further one locks for 2, 4, 8 … seconds, at most `longest`. Forgotten after `seconds`.
   */
  | { kind: "backoff"; free: number; longest: number; seconds: number };

/** Every rate limit of the portal. Durations are in seconds. */
const limits = {
  /** Sign-in and password confirmation, per address typed, whether or not it has an account. */
  passwordPerAddress: { kind: "backoff", free: 5, longest: 15 * MINUTE, seconds: 24 * HOUR },
  signInPerNetwork: { kind: "window", max: 10, seconds: MINUTE },
  /** Passkey ceremonies begun. The sign-in page begins one by itself. */
  passkeyPerNetwork: { kind: "window", max: 60, seconds: MINUTE },
  createAccountPerNetwork: { kind: "window", max: 20, seconds: 10 * MINUTE },
  /** Emails that ask to confirm the deletion of an account. */
  deletionMailPerAccount: { kind: "window", max: 3, seconds: HOUR },
  /** New passwords checked in a reset or a change of password. */
  newPasswordPerNetwork: { kind: "window", max: 30, seconds: 10 * MINUTE },
  /** Reset emails, per address typed, whether or not it has an account. Further requests are dropped silently. */
  resetMailPerMinute: { kind: "window", max: 1, seconds: MINUTE },
  resetMailPerHour: { kind: "window", max: 3, seconds: HOUR },
  resetMailPerNetwork: { kind: "window", max: 20, seconds: 10 * MINUTE },
  /** Emails that ask to confirm an address, per address. */
  confirmMailPerMinute: { kind: "window", max: 1, seconds: MINUTE },
  confirmMailPerHour: { kind: "window", max: 5, seconds: HOUR },
  /** New addresses an account asks for. The answer discloses whether an address is taken. */
  changeEmailPerAccount: { kind: "window", max: 5, seconds: HOUR },
  changeEmailPerNetwork: { kind: "window", max: 20, seconds: 10 * MINUTE },
  /** Well-formed product keys that do not exist. */
  keyMissPerAccount: { kind: "window", max: 10, seconds: HOUR },
  keyMissPerNetwork: { kind: "window", max: 30, seconds: HOUR },
  /** Another look-up of the same unknown key is not a new guess. */
  keyMissSeen: { kind: "window", max: 1, seconds: HOUR },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
/** `last`: this attempt reaches the limit, unless it is given back. */
export type Reservation = { allowed: true; last: boolean } | { allowed: false; until: Date };

/**
 * Counts an attempt before it is made, in one statement on the database's clock, so that a parallel burst cannot exceed
 * the limit. Use {@link giveBack} for an attempt that turns out not to count.
 * @param subject what is counted, for example an account's id or a network; only a keyed digest of it is stored
 * @param on a transaction, when the attempt counts only if that transaction commits
 */
export async function reserve(
  name: LimitName,
  subject: string,
  on: Database | Transaction = db(),
): Promise<Reservation> {
  const limit: Limit = limits[name];
  const key = counterKey(name, subject);
  const lasts = sql`make_interval(secs => ${limit.seconds})`;
  const ended = sql`c.ends_at <= now()`;
  const next = sql`(CASE WHEN ${ended} THEN 1 ELSE c.count + 1 END)`;
  const { rows } =
    limit.kind === "window"
      ? await on.execute<{ count: number }>(sql`
          INSERT INTO limit_counter AS c ("limit", key, count, ends_at) VALUES (${name}, ${key}, 1, now() + ${lasts})
          ON CONFLICT ("limit", key) DO UPDATE
             SET count = ${next}, ends_at = CASE WHEN ${ended} THEN excluded.ends_at ELSE c.ends_at END
           WHERE ${ended} OR c.count < ${limit.max}
          RETURNING c.count`)
      : await on.execute<{ count: number }>(sql`
          INSERT INTO limit_counter AS c ("limit", key, count, ends_at) VALUES (${name}, ${key}, 1, now() + ${lasts})
          ON CONFLICT ("limit", key) DO UPDATE
             SET count = ${next}, ends_at = excluded.ends_at,
                 locked_until = CASE WHEN ${next} >= ${limit.free}
                   THEN now() + make_interval(secs => least(2 ^ least(${next} - ${limit.free} + 1, 30), ${limit.longest})) END
           WHERE ${ended} OR c.locked_until IS NULL OR c.locked_until <= now()
          RETURNING c.count`);
  const row = rows[0];
  if (!row) return { allowed: false, until: await endOf(name, key, on) };
  return { allowed: true, last: row.count >= (limit.kind === "window" ? limit.max : limit.free) };
}

/** Gives an attempt back: a window counts one less, a backoff starts over. */
export async function giveBack(name: LimitName, subject: string, on: Database | Transaction = db()): Promise<void> {
  const key = counterKey(name, subject);
  await on.execute(
    limits[name].kind === "window"
      ? sql`UPDATE limit_counter SET count = greatest(count - 1, 0) WHERE "limit" = ${name} AND key = ${key}`
      : sql`DELETE FROM limit_counter WHERE "limit" = ${name} AND key = ${key}`,
  );
}

/** Deletes counters that have ended. Runs hourly. */
export async function sweepLimits(): Promise<void> {
  await db().execute(sql`DELETE FROM limit_counter WHERE ends_at <= now()`);
}

async function endOf(name: LimitName, key: Buffer, on: Database | Transaction): Promise<Date> {
  const { rows } = await on.execute<{ until: string | Date }>(
    sql`SELECT coalesce(locked_until, ends_at) AS until FROM limit_counter WHERE "limit" = ${name} AND key = ${key}`,
  );
  return new Date(rows[0]?.until ?? Date.now());
}

/** A window limit's numbers, for a statement that reads the limit together with something else. */
export const limitOf = (name: "keyMissPerAccount" | "keyMissPerNetwork") => limits[name];

/** The key of a counter's row: a keyed digest, so that the table holds no address, network or product key. */
export const counterKey = (name: LimitName, subject: string): Buffer =>
  createHmac("sha256", env().secrets.auth).update(`limit:${name}:${subject}`).digest();
