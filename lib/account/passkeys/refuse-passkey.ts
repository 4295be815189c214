import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import type { Client } from "@/lib/account/session/sessions";

/**
 * Why a passkey was refused. `expired`: what it answers was not asked, or too long ago, or answered before. `unknown`: it
 * is not here, or no longer. `invalid`: what it brings proves nothing.
 */
export type PasskeyRefusal = { status: "refused"; reason: "expired" | "unknown" | "invalid" };

/**
 * Refuses what was brought, and leaves an event, unless nothing was asked: whoever sends nonsense without end would
 * otherwise fill the table of events, which forgets nothing.
 */
export async function refusePasskey(
  reason: PasskeyRefusal["reason"],
  who: { accountId: string | null; passkeyId?: string },
  { now, client }: { now: Date; client: Client },
): Promise<PasskeyRefusal> {
  const { accountId, passkeyId } = who;
  const about = { accountId, details: { reason }, ...(passkeyId && { subject: passkeyId }) };
  if (reason !== "expired") await recordEvent(db(), { action: "passkey.refused", at: now, person: client, ...about });
  return { status: "refused", reason };
}
