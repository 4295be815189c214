import "server-only";
import { importJWK, SignJWT, type JWTPayload } from "jose";
import { env } from "@/lib/env";
import { jwkOf, type PublicJwk } from "@/lib/licence/signing-key-pair";
import { listSigningKeys, openSigningKey } from "@/lib/licence/signing-keys";

/** The algorithm of every signature: Ed25519, under its name in RFC 8037. */
const ALGORITHM = "EdDSA";

export type Signed = {
  /** A compact JWS (RFC 7515). */
  token: string;
  /** The id of the key that signed it: `kid` in its header and at `/.well-known/jwks.json`. */
  keyId: string;
};

/**
 * Signs claims with the newest signing key, with one statement. The same claims and key always give the same token,
 * because Ed25519 uses no random number.
 * @param type the header's `typ`. It keeps a token of one kind from being taken for another (RFC 8725, 3.11).
 */
export async function signClaims(claims: JWTPayload, { type }: { type: string }): Promise<Signed> {
  const { id, publicKey, seed } = await openSigningKey({ vault: env().secrets.vault });
  const key = await importJWK({ ...jwkOf(publicKey), d: seed.toString("base64url") }, ALGORITHM);
  const token = await new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: type, kid: id }).sign(key);
  return { token, keyId: id };
}

type PublishedKey = PublicJwk & { kid: string; alg: typeof ALGORITHM; use: "sig" };

/** The public keys that verify what the portal signed, as a JWK Set (RFC 7517, 5). It includes the former ones. */
export async function getPublicKeys(): Promise<{ keys: PublishedKey[] }> {
  const all = await listSigningKeys();
  return { keys: all.map(({ id, publicKey }) => ({ ...jwkOf(publicKey), kid: id, alg: ALGORITHM, use: "sig" })) };
}
