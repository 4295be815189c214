import "server-only";
import { Busy } from "@/lib/admission";
import { stretchPassword } from "@/lib/account/password/password";
import { currentTime } from "@/lib/clock";
import { isOutage } from "@/lib/db/outage";
import { holdKey, takeHeldKey } from "@/lib/licence/held-key";
import { findHeld, holdTypedKey } from "@/app/typed-key";

type Person = { accountId: string; password: string };

/**
 * Holds the key that a newcomer typed, in case they confirm their address in another browser. Nobody waits or fails for
 * it: they can go on here, or type the key again.
 */
export async function holdForLater({ accountId, password }: Person, next: string): Promise<void> {
  const held = await findHeld(next);
  if (held?.kind !== "key") return;
  await spared(
    holdKey({ accountId, key: held.typed }, (salt) => stretchPassword(password, salt), { now: currentTime() }),
  );
}

/** The path to the review of the key that a newcomer typed in another browser. Null when none is held. */
export async function findHeldReview({ accountId, password }: Person): Promise<string | null> {
  const stretch = (salt: Buffer) => stretchPassword(password, salt);
  const key = await spared(takeHeldKey({ accountId }, stretch, { now: currentTime() }));
  return key && `/home/setup/review?p=${await holdTypedKey(key)}&again=held`;
}

/** The result of `work`; null while the server is too busy, or without a database. */
const spared = async <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((error: unknown) => {
    if (error instanceof Busy || isOutage(error)) return null;
    throw error;
  });
