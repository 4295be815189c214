import "server-only";
import { createHash } from "node:crypto";
import { brand } from "@/lib/brand";
import { env } from "@/lib/env";

/**
 * The relying party (Web Authentication). A passkey is bound to the host for good and is never offered to another site.
 * Every response must come from the origin.
 */
export function relyingParty(): { id: string; name: string; origin: string } {
  const { authUrl } = env();
  return { id: new URL(authUrl).hostname, name: brand.site, origin: authUrl };
}

/**
 * The user handle by which a device knows an account: 32 opaque bytes. They never change, even when the address or a
 * secret does.
 * @returns base64url
 */
export const userHandleOf = (accountId: string): string =>
  createHash("sha256").update(`passkey:${accountId}`).digest("base64url");
