import "server-only";
import { rememberBrowser } from "@/lib/account/session/browser-cookie";
import { carrySession, carryTicket, readReference } from "@/lib/account/next-auth";
import { revokeSession, type Client } from "@/lib/account/session/sessions";

/** Puts a new session into this browser; the one that was there before, if any, ends for good. */
export async function enterSession(reference: string, client: Client): Promise<void> {
  const previous = await readReference();
  await carrySession(reference);
  await settle({ previous, reference, client });
}

/** As {@link enterSession}, with the session that a passkey's ticket opens. @returns false when the ticket opens none */
export async function enterByTicket(ticket: string, client: Client): Promise<boolean> {
  const previous = await readReference();
  const reference = await carryTicket(ticket, client);
  if (!reference) return false;
  await settle({ previous, reference, client });
  return true;
}

type Entered = { previous: string | undefined; reference: string; client: Client };

async function settle({ previous, reference, client: { browser } }: Entered): Promise<void> {
  if (browser) await rememberBrowser(browser);
  if (previous && previous !== reference) await revokeSession(previous);
}
