import "server-only";
import { carrySession, readReference } from "@/lib/account/next-auth";
import { revokeSession } from "@/lib/account/sessions";

/** Puts a new session into this browser; the one that was there before, if any, ends for good. */
export async function enterSession(reference: string): Promise<void> {
  const previous = await readReference();
  await carrySession(reference);
  if (previous && previous !== reference) await revokeSession(previous);
}
