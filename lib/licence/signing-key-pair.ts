import "server-only";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint } from "jose";

/** The length of an Ed25519 private key (RFC 8032, 5.1.5). */
export const SEED_BYTES = 32;

/** An Ed25519 public key as a JWK (RFC 8037, 2). */
export type PublicJwk = { kty: "OKP"; crv: "Ed25519"; x: string };

export const jwkOf = (publicKey: Uint8Array): PublicJwk => ({
  kty: "OKP",
  crv: "Ed25519",
  x: Buffer.from(publicKey).toString("base64url"),
});

/** What stands before the seed in PKCS #8 (RFC 8410, 7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Computes the public key (32 bytes) of an Ed25519 private key, and the pair's id: the RFC 7638 thumbprint.
 * @param seed 32 random bytes, which are the private key
 */
export async function keyPairOf(seed: Uint8Array): Promise<{ id: string; publicKey: Buffer }> {
  const { x } = createPublicKey(privateKeyOf(seed)).export({ format: "jwk" });
  const publicKey = Buffer.from(x!, "base64url");
  return { id: await calculateJwkThumbprint(jwkOf(publicKey)), publicKey };
}

/** @param seed 32 bytes, which are the private key */
export const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
