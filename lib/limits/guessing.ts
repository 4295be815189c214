import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { giveBack, reserve, type LimitName } from "@/lib/limits/limits";

/**
 * Looks a product key up under the limits on guessing: a guess is counted before the look-up, and given back unless
 * no such key exists. Looking again at the same unknown key is no new guess, so reloading a page locks nobody out.
 * @param attempt.network IPv4 address or IPv6 /64
 */
export async function underGuessingLimit<T extends { status: string; reason?: string }>(
  { key, accountId, network }: { key: string; accountId: string; network: string | null },
  lookUp: () => Promise<T>,
  { now }: { now: Date },
): Promise<T | { status: "limited"; until: Date }> {
  const wanted: [LimitName, string][] = [
    ["keyMissSeen", `${accountId}:${key}`],
    ["keyMissPerAccount", accountId],
    ["keyMissPerNetwork", network ?? "unknown"],
  ];
  const taken: [LimitName, string][] = [];
  let reached: LimitName | undefined;
  const giveAllBack = () => Promise.all(taken.map((one) => giveBack(...one)));
  for (const [name, subject] of wanted) {
    const reservation = await reserve(name, subject);
    if (reservation.allowed) {
      taken.push([name, subject]);
      if (reservation.last && name !== "keyMissSeen") reached = name;
    } else if (name === "keyMissSeen") return lookUp();
    else {
      await giveAllBack();
      return { status: "limited", until: reservation.until };
    }
  }
  const answer = await lookUp();
  if (answer.reason !== "unknown") await giveAllBack();
  else if (reached) await recordEvent(db(), { action: "key.limited", accountId, at: now, details: { limit: reached } });
  return answer;
}
