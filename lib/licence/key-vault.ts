import "server-only";
import { createHmac } from "node:crypto";
import { env } from "@/lib/env";
import { seal, unseal, type Sealing } from "@/lib/licence/seal";

/** The row and account a sealed key belongs to. With another row or account it does not open. */
export type KeyOwner = { keyId: number; accountId: string };

/**
 * The look-up digest of a product key: HMAC-SHA-256 (RFC 2104) over its 25 canonical bytes; 32 bytes. One-way, even for
 * whoever holds the secret.
 */
export function lookupDigest(key: string, lookupSecret: string = env().secrets.lookup): Buffer {
  return createHmac("sha256", lookupSecret).update(key, "ascii").digest();
}

/**
 * The first two bytes of a digest, in hex. One key in 65,536 has the same, so with its batch they find a key among few and
 * reveal nothing of it.
 */
export const digestStart = (lookup: Buffer): string => lookup.subarray(0, 2).toString("hex");

/** The first and the last digest with this start. */
export function digestsFrom(start: Buffer): [Buffer, Buffer] {
  const rest = Math.max(0, 32 - start.length);
  return [Buffer.concat([start, Buffer.alloc(rest, 0)]), Buffer.concat([start, Buffer.alloc(rest, 255)])];
}

/**
 * Seals a key for its owner with the newest vault secret (see seal.ts).
 * @returns the secret's version (1 byte), then the sealed key (53 bytes)
 */
export function sealKey(key: string, owner: KeyOwner): Buffer {
  const version = Math.max(...env().secrets.vault.keys());
  return Buffer.concat([Buffer.of(version), seal(key, sealingOf(version, owner))]);
}

/**
 * Opens a sealed key.
 * @throws when it was tampered with, belongs to another row or account, or its vault secret is not configured
 */
export const openKey = (sealed: Buffer, owner: KeyOwner): string =>
  unseal(sealed.subarray(1), sealingOf(sealed[0] ?? 0, owner));

function sealingOf(version: number, { keyId, accountId }: KeyOwner): Sealing {
  const secret = env().secrets.vault.get(version);
  if (!secret) throw new Error(`VAULT_SECRETS has no version ${version}, which sealed a stored key`);
  return { secret, use: "product-key-vault", boundTo: `${keyId}:${accountId}` };
}
