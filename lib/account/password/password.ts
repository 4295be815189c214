import "server-only";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { hash, hashRaw, verify } from "@node-rs/argon2";
import { Admission, Busy } from "@/lib/admission";

/** argon2id (RFC 9106) with OWASP's parameters: 19 MiB, two passes, one lane. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/*
 * A hash takes a processor for tens of milliseconds. One processor is left for the pages, so that a storm of sign-ins
 * slows nobody else down. 300 wait in turn, as in an office where everybody signs in at once.
 */
// Next.js evaluates a module once per bundle, so the only queue is kept on `globalThis`.
const shared = globalThis as { portalHashing?: Admission };
const hashing = (shared.portalHashing ??= new Admission({
  places: Math.max(1, availableParallelism() - 1),
  waiting: 300,
  patience: 10_000,
}));

/** Of the event loop's time, from which on pages are waiting for the processor. */
const BUSY = 0.95;

/**
 * Does `work` in turn. While pages need the processor, the place then stays empty for twice as long as the work took: what
 * follows a hash, above all the page that is shown next, would otherwise slow other people's pages.
 * @throws Busy
 */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (!(await hashing.enter())) throw new Busy("too many passwords at once");
  const began = performance.now();
  const before = performance.eventLoopUtilization();
  try {
    return await work();
  } finally {
    const isBusy = performance.eventLoopUtilization(before).utilization > BUSY;
    if (isBusy) setTimeout(() => hashing.leave(), 2 * (performance.now() - began));
    else hashing.leave();
  }
}

/** No password matches this hash. It is verified when there is no account, so that the answer takes as long. */
const decoy = hash("no account has this password, and no one can type it: \u0000", options).catch(() => "");

/** Normalised as NIST SP 800-63B-4 asks, so that another keyboard's encoding gives the same password. */
export const normalisePassword = (password: string) => password.normalize("NFKC");

/** @throws Busy */
export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(normalisePassword(password), options));

/**
 * Derives 32 bytes from a password, as slowly as a guess at its hash is.
 * @param salt 16 bytes
 * @throws Busy
 */
export const stretchPassword = (password: string, salt: Buffer): Promise<Buffer> =>
  inTurn(() => hashRaw(normalisePassword(password), { ...options, salt }));

/**
 * Verifies a password. Without a stored hash it does the same work and returns false.
 * @throws Busy
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await decoy);
  const fits = await inTurn(() => verify(against, normalisePassword(password)));
  return Boolean(stored) && fits;
}
