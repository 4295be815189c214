import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { reserve, type Reservation } from "@/lib/limits/limits";
import type { Client } from "@/lib/account/session/sessions";

/** Counts a new password that is to be looked at: estimating its strength is work. The lock of a network is written down once. */
export async function reserveNewPassword(
  accountId: string,
  { now, client }: { now: Date; client: Client },
): Promise<Reservation> {
  const limit = "newPasswordPerNetwork";
  const reservation = await reserve(limit, client.addressPrefix ?? "unknown");
  if (reservation.allowed && reservation.last)
    await recordEvent(db(), { action: "password.limited", accountId, details: { limit }, at: now, person: client });
  return reservation;
}
