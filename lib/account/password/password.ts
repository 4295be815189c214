import "server-only";
import { hash, verify } from "@node-rs/argon2";

/** argon2id (RFC 9106) with OWASP's parameters: 19 MiB, two passes, one lane. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** No password matches this hash. It is verified when there is no account, so that the answer takes as long. */
const decoy = hash("no account has this password, and no one can type it: \u0000", options).catch(() => "");

/** Normalised as NIST SP 800-63B-4 asks, so that another keyboard's encoding gives the same password. */
export const normalisePassword = (password: string) => password.normalize("NFKC");

export const hashPassword = (password: string): Promise<string> => hash(normalisePassword(password), options);

/** Verifies a password. Without a stored hash it does the same work and returns false. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? (await decoy), normalisePassword(password));
  return Boolean(stored) && fits;
}
