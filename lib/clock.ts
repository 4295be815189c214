import "server-only";
import { log } from "@/lib/log";

/** Milliseconds by which this machine's clock may differ from the database's. More, and the server is not ready. */
export const MOST_SKEW = 60_000;

/** Smaller differences are the network's. */
const NOTICEABLE = 1_000;

// Next.js evaluates a module once per bundle, so what was measured is kept on `globalThis`.
const shared = globalThis as { portalClock?: { ahead: number; warnedAt: number } };
const state = () => (shared.portalClock ??= { ahead: 0, warnedAt: -Infinity });

/**
 * The present, by the database's clock: what people own must not depend on the clock of one of several servers. It is
 * this machine's clock, corrected by what {@link noteClock} was last told.
 */
export function currentTime(): Date {
  const { ahead } = state();
  return new Date(Date.now() - (Math.abs(ahead) > NOTICEABLE ? ahead : 0));
}

export const isClockRight = (): boolean => Math.abs(state().ahead) <= MOST_SKEW;

/**
 * Notes what the database's clock says.
 * @param asked when this machine asked it, and `answered` when it got the answer: milliseconds by its own clock
 */
export function noteClock(theirs: Date, { asked, answered }: { asked: number; answered: number }): void {
  const clock = state();
  clock.ahead = (asked + answered) / 2 - theirs.getTime();
  if (isClockRight() || performance.now() < clock.warnedAt + 60_000) return;
  clock.warnedAt = performance.now();
  const seconds = Math.round(clock.ahead / 1_000);
  log().warn({ seconds }, "this machine's clock differs from the database's, whose time counts: set it right");
}
