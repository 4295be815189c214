import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The values that seal a text. It opens only with the same three values. */
export type Sealing = {
  /** The configured secret, from which HKDF-SHA-256 (RFC 5869) derives the encryption key. */
  secret: string;
  /** Separates the keys of two uses of one secret. */
  use: string;
  /** Identifies what the text belongs to. It is authenticated, not stored. */
  boundTo: string;
};

/**
 * Seals an ASCII text: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.
 * @returns nonce (12 bytes), tag (16), ciphertext (as long as the text)
 */
export function seal(text: string, { secret, use, boundTo }: Sealing): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, derivedKey(secret, use), nonce).setAAD(Buffer.from(boundTo));
  const sealed = Buffer.concat([cipher.update(text, "ascii"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/**
 * Opens what {@link seal} sealed.
 * @throws when the bytes were changed, are too short, or were sealed with other values
 */
export function unseal(sealed: Uint8Array, { secret, use, boundTo }: Sealing): string {
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, derivedKey(secret, use), sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(boundTo)).setAuthTag(sealed.subarray(NONCE_BYTES, tagEnd));
  return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString("ascii");
}

const derivedKey = (secret: string, use: string) => Buffer.from(hkdfSync("sha256", secret, "", use, 32));
