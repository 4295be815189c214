import "server-only";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { Admission } from "@/lib/admission";

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

/** No password matches this hash. It is verified when there is no account, so that the answer takes as long. */
const decoy = hash("no account has this password, and no one can type it: \u0000", options).catch(() => "");

/** Normalised as NIST SP 800-63B-4 asks, so that another keyboard's encoding gives the same password. */
export const normalisePassword = (password: string) => password.normalize("NFKC");

/** @throws Busy */
export const hashPassword = (password: string): Promise<string> =>
  hashing.run(() => hash(normalisePassword(password), options));

/**
 * Verifies a password. Without a stored hash it does the same work and returns false.
 * @throws Busy
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await decoy);
  const fits = await hashing.run(() => verify(against, normalisePassword(password)));
  return Boolean(stored) && fits;
}
