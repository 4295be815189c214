import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { Busy } from "@/lib/admission";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { inTurn } from "@/lib/limits/in-turn";
import { count } from "@/lib/metrics";
import { counterKey, failureLimits, type Backoff, type FailureLimit, type Window } from "@/lib/limits/limits";

/** `last`: this failure reaches the limit. */
export type Attempted<T> = { allowed: true; result: T; last: boolean } | { allowed: false; until: Date };

/** Attempts of one subject that a process runs at once; the others wait for their turn. */
const WIDTH = 5;
/** Milliseconds that an attempt waits while others of its subject are in flight in other processes. */
const PATIENCE = 10_000;
/** Seconds after which an attempt whose process was killed is no longer in flight. */
const FORGOTTEN = 30;

/**
 * Makes an attempt under a limit on failures. Failures and attempts in flight together never exceed the limit, in all
 * processes together. An attempt that finds no room waits until others have ended: only failures refuse anybody.
 * An attempt that throws counts as none.
 * @param subject as for `reserve`
 * @throws Busy
 */
export const attempt = <T>(
  name: FailureLimit,
  subject: string,
  { work, failed }: { work: () => Promise<T>; failed: (result: T) => boolean },
): Promise<Attempted<T>> =>
  inTurn(
    `${name}:${subject}`,
    async () => {
      const key = counterKey(name, subject);
      const refused = await begin(name, key);
      if (refused) return { allowed: false, until: refused };
      let outcome: "failed" | "succeeded" | "none" = "none";
      try {
        const result = await work();
        outcome = failed(result) ? "failed" : "succeeded";
        return { allowed: true, result, last: await end(name, key, outcome) };
      } finally {
        if (outcome === "none") await end(name, key, outcome).catch(() => {});
      }
    },
    WIDTH,
  );

/** Forgets the failures of a subject, which ends its lock. */
export async function forgive(name: FailureLimit, subject: string, on: Database | Transaction = db()): Promise<void> {
  await on.execute(sql`DELETE FROM limit_counter WHERE "limit" = ${name} AND key = ${counterKey(name, subject)}`);
}

const ended = sql`c.ends_at <= now()`;
const failures = sql`(CASE WHEN ${ended} THEN 0 ELSE c.count END)`;
const inFlight = sql`(CASE WHEN c.in_flight_until > now() THEN c.in_flight ELSE 0 END)`;
const isLocked = sql`(NOT ${ended} AND coalesce(c.locked_until > now(), false))`;

/** @returns null when the attempt is in flight now, or the instant until which the subject is locked */
async function begin(name: FailureLimit, key: Buffer): Promise<Date | null> {
  const limit: Window | Backoff = failureLimits[name];
  const hasRoom =
    limit.kind === "window"
      ? sql`${failures} + ${inFlight} < ${limit.max}`
      : sql`NOT ${isLocked} AND (${failures} + ${inFlight} < ${limit.free} OR ${inFlight} = 0)`;
  const mayNever = limit.kind === "window" ? sql`${failures} >= ${limit.max}` : isLocked;
  const giveUp = Date.now() + PATIENCE;
  for (;;) {
    const { rowCount } = await db().execute(sql`
      INSERT INTO limit_counter AS c ("limit", key, count, ends_at, in_flight, in_flight_until)
      VALUES (${name}, ${key}, 0, now() + make_interval(secs => ${limit.seconds}), 1,
              now() + make_interval(secs => ${FORGOTTEN}))
      ON CONFLICT ("limit", key) DO UPDATE
         SET in_flight = ${inFlight} + 1, in_flight_until = excluded.in_flight_until
       WHERE ${hasRoom}`);
    if (rowCount === 1) return null;
    const { rows } = await db().execute<{ until: string | Date }>(sql`
      SELECT coalesce(c.locked_until, c.ends_at) AS until FROM limit_counter AS c
       WHERE "limit" = ${name} AND key = ${key} AND ${mayNever}`);
    if (rows[0]) {
      count("limits_hit", { limit: name });
      return new Date(rows[0].until);
    }
    if (Date.now() > giveUp) throw new Busy(`no room for an attempt: ${name}`);
    await pause(25 + Math.random() * 75);
  }
}

/** @returns whether the limit is reached now */
async function end(name: FailureLimit, key: Buffer, outcome: "failed" | "succeeded" | "none"): Promise<boolean> {
  const limit: Window | Backoff = failureLimits[name];
  const isWindow = limit.kind === "window";
  const counted = outcome === "failed" ? sql`${failures} + 1` : outcome === "none" || isWindow ? failures : sql`0`;
  const restarts = outcome === "failed" && (isWindow ? sql`${failures} = 0` : sql`true`);
  const { rows } = await db().execute<{ count: number }>(sql`
    UPDATE limit_counter AS c
       SET in_flight = greatest(c.in_flight - 1, 0), count = ${counted},
           ends_at = CASE WHEN ${restarts} THEN now() + make_interval(secs => ${limit.seconds}) ELSE c.ends_at END,
           locked_until = ${
             isWindow
               ? sql`NULL`
               : sql`CASE WHEN ${outcome === "failed"} AND ${counted} >= ${limit.free} THEN now() + make_interval(
                       secs => least(2 ^ least(${counted} - ${limit.free} + 1, 30), ${limit.longest}))
                     WHEN ${outcome === "none"} THEN c.locked_until END`
           }
     WHERE "limit" = ${name} AND key = ${key}
    RETURNING c.count`);
  return outcome === "failed" && (rows[0]?.count ?? 0) >= (isWindow ? limit.max : limit.free);
}
