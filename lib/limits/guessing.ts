import "server-only";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { counterKey, limitOf, reserve } from "@/lib/limits/limits";

/**
 * Who looks up a product key or a partner code, and which. `accountId` is null while nobody is signed in. `network` is an
 * IPv4 address, an IPv6 /64 or null when unknown.
 */
export type Guess = { key: string; accountId: string | null; network: string | null };

/** The rows of `limit_counter` that one look-up concerns. */
export type GuessingCounters = Record<"account" | "network" | "seen", Buffer>;

export const guessingCounters = ({ key, accountId, network }: Guess): GuessingCounters => ({
  account: accountId === null ? noCounter : counterKey("keyMissPerAccount", accountId),
  network: counterKey("keyMissPerNetwork", network ?? "unknown"),
  seen: counterKey("keyMissSeen", seenBy({ key, accountId, network })),
});

/** The key of no counter. */
const noCounter = Buffer.alloc(0);

const seenBy = ({ key, accountId, network }: Guess): string => `${accountId ?? network ?? "unknown"}:${key}`;

/**
 * SQL for the instant until which a caller is locked out, or NULL. It only reads, so a look-up that finds a key writes
 * nothing. Whoever was already told that a key is unknown may repeat the look-up, so reloading a page never locks anybody
 * out.
 * @param account placeholder of the parameter that holds that counter's key, like `$3`; `network` and `seen` likewise
 */
export const guessingLock = (account: string, network: string, seen: string): string => `
  (SELECT max(c.ends_at) FROM limit_counter c
    WHERE c.ends_at > now()
      AND (c."limit" = 'keyMissPerAccount' AND c.key = ${account} AND c.count >= ${limitOf("keyMissPerAccount").max}
        OR c."limit" = 'keyMissPerNetwork' AND c.key = ${network} AND c.count >= ${limitOf("keyMissPerNetwork").max})
      AND NOT EXISTS (SELECT 1 FROM limit_counter s WHERE s."limit" = 'keyMissSeen' AND s.key = ${seen} AND s.ends_at > now()))`;

/** Thrown inside the transaction, so that a miss beyond one limit counts toward no limit. */
class Limited extends Error {
  constructor(readonly until: Date) {
    super("too many guesses");
  }
}

/**
 * Counts a look-up that found no key, in one transaction, before the caller learns the result. However many guesses run
 * in parallel, only as many as the limit are answered. A miss beyond one limit counts toward none of them.
 * @returns null when the miss was counted now or earlier, otherwise the instant from which the caller may look again
 */
export async function countMiss(guess: Guess, { now }: { now: Date }): Promise<Date | null> {
  const { accountId, network } = guess;
  try {
    await transaction(async (tx) => {
      if (!(await reserve("keyMissSeen", seenBy(guess), tx)).allowed) return;
      const counted = [
        ...(accountId === null ? [] : ([["keyMissPerAccount", accountId]] as const)),
        ["keyMissPerNetwork", network ?? "unknown"] as const,
      ];
      for (const [limit, subject] of counted) {
        const reservation = await reserve(limit, subject, tx);
        if (!reservation.allowed) throw new Limited(reservation.until);
        if (reservation.last) await recordEvent(tx, { action: "key.limited", accountId, at: now, details: { limit } });
      }
    });
    return null;
  } catch (error) {
    if (error instanceof Limited) return error.until;
    throw error;
  }
}
