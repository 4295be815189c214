import "server-only";
import { randomUUID } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { db, transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { giveBack, reserve } from "@/lib/limits/limits";
import { normaliseEmail } from "@/lib/account/canonical-email";
import type { Client } from "@/lib/account/session/sessions";
import { issueToken } from "@/lib/account/tokens";

/**
 * Queues the email that resets a forgotten password. Known and unknown addresses run the same statements and get the
 * same answer, even over the rate limit per address. Only a network's limit is disclosed.
 */
export async function requestReset(
  { email }: { email: string },
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "asked" } | { status: "limited"; until: Date }> {
  const fromNetwork = await reserve("resetMailPerNetwork", client.addressPrefix ?? "unknown");
  if (!fromNetwork.allowed) return { status: "limited", until: fromNetwork.until };
  const counted = normaliseEmail(email);
  const written = { at: now, person: client };
  const limited = (limit: string) =>
    recordEvent(db(), { action: "password.reset-limited", details: { limit }, ...written });
  if (fromNetwork.last) await limited("resetMailPerNetwork");
  if (!(await reserve("resetMailPerMinute", counted)).allowed) return { status: "asked" };
  const inHour = await reserve("resetMailPerHour", counted);
  if (!inHour.allowed) return { status: "asked" };
  if (inHour.last) await limited("resetMailPerHour");

  await transaction((tx) => post(tx, email, { now, client })).catch(async (error: unknown) => {
    // Nothing was sent, so a retry after an outage must not be limited.
    await giveBack("resetMailPerMinute", counted);
    await giveBack("resetMailPerHour", counted);
    throw error;
  });
  return { status: "asked" };
}

async function post(tx: Transaction, email: string, { now, client }: { now: Date; client: Client }): Promise<void> {
  const [found] = await tx
    .select({ id: account.id, email: account.email })
    .from(account)
    .where(and(eq(account.email, normaliseEmail(email)), isNull(account.erasedAt)))
    .for("no key update");
  // For an unknown address the same statements run with a random id and write nothing.
  const accountId = found?.id ?? randomUUID();
  // Send to the stored address, never to the typed one: two spellings that compare equal may be different mailboxes.
  const recipient = found?.email ?? email;
  const { id: tokenId } = await issueToken(tx, { purpose: "reset-password", accountId, email: recipient }, { now });
  await postMail(tx, { kind: "reset-password", accountId, recipient, tokenId, at: now });
  await recordEvent(tx, { action: "password.reset-asked", accountId: found?.id ?? null, at: now, person: client });
}
