import type { JSONWebKeySet } from "jose";
import { call, type Answer } from "./client";
import { forget, recall, remember } from "./memory";
import type { ProductCode } from "@/lib/brand";

export type JsonWebKeySet = JSONWebKeySet;

/** What the portal answers, of which the app trusts only the signed token. */
export type Entitlement = { token: string };

/** What a verified entitlement says. */
export type Protection = {
  product: ProductCode;
  /** Null: a partner provides it, without an end. */
  endsAt: Date | null;
  /** Until when the token may be believed without asking again. */
  validUntil: Date;
  /** When the portal signed it. */
  signedAt: Date;
  /** The key that signed it, by its id at `/.well-known/jwks.json`. */
  keyId: string;
};

export type Checked =
  { status: "protected"; protection: Protection; online: boolean } | Exclude<Asked, { status: "done" }>;
type Asked = Answer<Entitlement>;

/** Gets a new entitlement if the portal can be reached, and verifies the one that it has. */
export async function checkProtection(installId: string): Promise<Checked> {
  const asked = await call<Entitlement>("/api/v1/entitlement");
  if (asked.status === "refused" || asked.status === "signedOut") {
    forget("entitlement");
    return asked;
  }
  if (asked.status === "done") {
    remember("entitlement", asked.body);
    await fetchKeys();
  }
  const protection = await verifyKept(installId);
  return protection ? { status: "protected", protection, online: asked.status === "done" } : { status: "offline" };
}

async function fetchKeys(): Promise<void> {
  const response = await fetch("/.well-known/jwks.json", { credentials: "omit" }).catch(() => null);
  if (response?.ok) remember("keys", (await response.json()) as JsonWebKeySet);
}

/**
 * Verifies the kept entitlement with the kept keys; it asks nobody. Null: there is none, it is over, it is another
 * device's, or its signature is wrong.
 */
async function verifyKept(installId: string): Promise<Protection | null> {
  const [entitlement, keys] = [recall("entitlement"), recall("keys")];
  if (!entitlement || !keys) return null;
  const { createLocalJWKSet, jwtVerify } = await import("jose");
  try {
    const { payload, protectedHeader } = await jwtVerify<{ product: ProductCode; ends: string | null }>(
      entitlement.token,
      createLocalJWKSet(keys),
      { issuer: location.origin, subject: installId, typ: "entitlement+jwt", algorithms: ["EdDSA"] },
    );
    return {
      product: payload.product,
      endsAt: payload.ends === null ? null : new Date(payload.ends),
      validUntil: new Date(payload.exp! * 1_000),
      signedAt: new Date(payload.iat! * 1_000),
      keyId: protectedHeader.kid!,
    };
  } catch {
    return null;
  }
}
