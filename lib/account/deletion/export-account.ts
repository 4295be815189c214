import "server-only";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { getPersonalData } from "@/lib/account/deletion/personal-data";
import type { Client } from "@/lib/account/session/sessions";

/**
 * Exports all personal data of an account as one JSON document, by table. Instants are UTC (ISO 8601). GDPR articles 15
 * and 20.
 */
export const exportAccount = (
  { accountId }: { accountId: string },
  { now, client }: { now: Date; client: Client },
): Promise<string> =>
  transaction(async (tx) => {
    const data = await getPersonalData(tx, accountId);
    await recordEvent(tx, { action: "account.exported", accountId, at: now, person: client });
    return JSON.stringify({ exportedAt: now, ...data }, null, 2);
  });
