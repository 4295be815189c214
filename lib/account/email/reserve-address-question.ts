import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { reserve, type LimitName } from "@/lib/limits/limits";
import type { Client } from "@/lib/account/session/sessions";

/**
 * Counts a check whether an address is free before looking it up, because the answer reveals who has an account.
 * Reaching a limit records one event.
 */
export async function reserveAddressQuestion(
  accountId: string,
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "limited"; until: Date } | null> {
  const wanted: [LimitName, string][] = [
    ["changeEmailPerAccount", accountId],
    ["changeEmailPerNetwork", client.addressPrefix ?? "unknown"],
  ];
  for (const [limit, subject] of wanted) {
    const reservation = await reserve(limit, subject);
    if (!reservation.allowed) return { status: "limited", until: reservation.until };
    if (!reservation.last) continue;
    const what = { action: "account.email-change-refused", details: { reason: "limited", limit } } as const;
    await recordEvent(db(), { ...what, accountId, at: now, person: client });
  }
  return null;
}
