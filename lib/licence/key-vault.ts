import "server-only";
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { env } from "@/lib/env";

/** What a sealed key is bound to: opened with another row or another account it fails. */
export type KeyOwner = { keyId: number; accountId: string };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The look-up digest of a product key: HMAC-SHA-256 (RFC 2104) over its 25 canonical bytes; 32 bytes.
 * The key cannot be had back from it, also not by who holds the secret.
 */
export function lookupDigest(key: string, lookupSecret: string = env().secrets.lookup): Buffer {
  return createHmac("sha256", lookupSecret).update(key, "ascii").digest();
}

/**
 * Seals a key for its owner: AES-256-GCM (NIST SP 800-38D), random 96-bit nonce, the newest vault secret, owner as
 * associated data. Layout: version (1 byte), nonce (12), tag (16), ciphertext (25).
 */
export function sealKey(key: string, owner: KeyOwner): Buffer {
  const version = Math.max(...env().secrets.vault.keys());
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", vaultKey(version), nonce);
  cipher.setAAD(associatedData(owner));
  const sealed = Buffer.concat([cipher.update(key, "ascii"), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed]);
}

/**
 * Opens a sealed key.
 * @throws when it was tampered with, belongs to another row or account, or its vault secret is not configured.
 */
export function openKey(sealed: Buffer, owner: KeyOwner): string {
  const nonceEnd = 1 + NONCE_BYTES;
  const tagEnd = nonceEnd + TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", vaultKey(sealed[0] ?? 0), sealed.subarray(1, nonceEnd), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData(owner));
  decipher.setAuthTag(sealed.subarray(nonceEnd, tagEnd));
  return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString("ascii");
}

function vaultKey(version: number): Buffer {
  const secret = env().secrets.vault.get(version);
  if (!secret) throw new Error(`VAULT_SECRETS has no version ${version}, which sealed a stored key`);
  return Buffer.from(hkdfSync("sha256", secret, "", "product-key-vault", 32));
}

const associatedData = ({ keyId, accountId }: KeyOwner) => Buffer.from(`${keyId}:${accountId}`);
