import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import type { Client } from "@/lib/account/session/sessions";

/**
 * Why a passkey was refused. `expired`: its challenge is unknown, expired or used. `unknown`: the passkey is not stored
 * here, or no longer. `invalid`: verification failed.
 */
export type PasskeyRefusal = { status: "refused"; reason: "expired" | "unknown" | "invalid" };

/**
 * Refuses a passkey and records an event. A response without a live challenge records none: otherwise endless requests
 * could fill the append-only table.
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
