import "server-only";
import type { KeyObject } from "node:crypto";
import { SignJWT, type JWTPayload } from "jose";
import { env } from "@/lib/env";
import { jwkOf, privateKeyOf, type PublicJwk } from "@/lib/licence/signing-key-pair";
import { findNewest, listSigningKeys, openSeed } from "@/lib/licence/signing-keys";

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
  const newest = await findNewest();
  const { id, sealed } = newest;
  if (opened?.id !== id || !opened.sealed.equals(sealed)) {
    opened = { id, sealed, key: privateKeyOf(openSeed(newest, { vault: env().secrets.vault })) };
  }
  const token = await new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: type, kid: id }).sign(opened.key);
  return { token, keyId: id };
}

/** The key of the last signature: opening one takes longer than signing. Another row, or a changed one, is opened anew. */
let opened: { id: string; sealed: Buffer; key: KeyObject } | undefined;

type PublishedKey = PublicJwk & { kid: string; alg: typeof ALGORITHM; use: "sig" };

/** The public keys that verify what the portal signed, as a JWK Set (RFC 7517, 5). It includes the former ones. */
export async function getPublicKeys(): Promise<{ keys: PublishedKey[] }> {
  const all = await listSigningKeys();
  return { keys: all.map(({ id, publicKey }) => ({ ...jwkOf(publicKey), kid: id, alg: ALGORITHM, use: "sig" })) };
}
