import "server-only";
import { sql } from "drizzle-orm";
import { isClockRight, noteClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import { isOutage } from "@/lib/db/outage";
import { isStopping } from "@/lib/started";

let last: { answer: Promise<boolean>; at: number } | undefined;

/**
 * Whether the server will go on, its clock is right, and the database takes a write now. It asks the database at most
 * once a second, because anybody can ask for this.
 */
export async function isReady(): Promise<boolean> {
  if (isStopping()) return false;
  if (!last || performance.now() > last.at + 1_000) last = { answer: ask(), at: performance.now() };
  return last.answer;
}

async function ask(): Promise<boolean> {
  try {
    await measureClock();
    return isClockRight();
  } catch (error) {
    isOutage(error);
    return false;
  }
}

/** Reads the database's clock with a write, which a full disk or a standby refuses. */
export async function measureClock(): Promise<void> {
  const asked = Date.now();
  const { rows } = await db().execute<{ at: string | Date }>(sql`
    INSERT INTO setting (name, value) VALUES ('last-ready', now()::text)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    RETURNING clock_timestamp() AS at`);
  noteClock(new Date(rows[0]!.at), { asked, answered: Date.now() });
}
