import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { reserve, type Reservation } from "@/lib/limits/limits";
import type { Client } from "@/lib/account/session/sessions";

/** Counts a new password before its strength is estimated, which is costly. A network's lock records one event. */
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
