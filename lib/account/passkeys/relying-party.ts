import "server-only";
import { createHash } from "node:crypto";
import { brand } from "@/lib/brand";
import { env } from "@/lib/env";

/**
 * Who passkeys are for (Web Authentication, "relying party"): the host binds a passkey for good, so that it is never offered
 * to another site; the origin is where an answer has to come from.
 */
export function relyingParty(): { id: string; name: string; origin: string } {
  const { authUrl } = env();
  return { id: new URL(authUrl).hostname, name: brand.site, origin: authUrl };
}

/**
 * What a device knows an account by: 32 bytes that tell nothing and never change, whatever address or secret is renewed.
 * @returns base64url
 */
export const userHandleOf = (accountId: string): string =>
  createHash("sha256").update(`passkey:${accountId}`).digest("base64url");
