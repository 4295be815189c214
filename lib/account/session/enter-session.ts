import "server-only";
import { rememberBrowser } from "@/lib/account/session/browser-cookie";
import { carrySession, findReference } from "@/lib/account/next-auth";
import { revokeSession, type Client } from "@/lib/account/session/sessions";

/** Puts a new session into this browser's cookie. Revokes the session that was there before, if any. */
export async function enterSession(reference: string, { browser }: Client): Promise<void> {
  const previous = await findReference();
  await carrySession(reference);
  if (browser) await rememberBrowser(browser);
  if (previous && previous !== reference) await revokeSession(previous);
}
