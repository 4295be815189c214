import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { attempt } from "@/lib/limits/attempt";
import { reserve, type LimitName } from "@/lib/limits/limits";
import type { Client } from "@/lib/account/session/sessions";

/**
 * Runs `work` that says whether an address is free, because `taken` discloses who has an account. Creating accounts
 * counts toward the same limit. Reaching a limit records one event.
 */
export async function underQuestionLimits<T extends { status: string }>(
  accountId: string,
  { now, client }: { now: Date; client: Client },
  work: () => Promise<T>,
): Promise<T | { status: "limited"; until: Date }> {
  const recordLast = (limit: LimitName) => {
    const what = { action: "account.email-change-refused", details: { reason: "limited", limit } } as const;
    return recordEvent(db(), { ...what, accountId, at: now, person: client });
  };
  const reservation = await reserve("changeEmailPerAccount", accountId);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  if (reservation.last) await recordLast("changeEmailPerAccount");

  const network = client.addressPrefix ?? "unknown";
  const failed = ({ status }: T) => status === "taken";
  const attempted = await attempt("takenPerNetwork", network, { work, failed });
  if (!attempted.allowed) return { status: "limited", until: attempted.until };
  if (attempted.last) await recordLast("takenPerNetwork");
  return attempted.result;
}
