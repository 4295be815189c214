import "server-only";
import { env } from "@/lib/env";

type Place = { redirectUri: string; state: string | null };

/**
 * The address at which an app gets the answer to its request: its redirect URI with the answer, its state, and the issuer
 * (RFC 9207), so that an app with several servers knows which one answers.
 */
export function answerUri({ redirectUri, state }: Place, answer: { code: string } | { error: string }): string {
  const query = new URLSearchParams({ ...answer, ...(state !== null && { state }), iss: env().authUrl });
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${query}`;
}
