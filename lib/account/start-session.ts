import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account, session } from "@/lib/db/schema";
import { postMail } from "@/lib/jobs/outbox";
import { deviceDigest, openSession, type Client } from "@/lib/account/sessions";

/**
 * Opens the session of somebody who has just proved who they are. A browser that the account does not know yet is told to
 * the person by mail; an account that was going to be erased stays.
 * @param entry.reference new; repeated with the same one nothing happens again
 */
export async function startSession(
  tx: Transaction,
  { reference, accountId, client }: { reference: string; accountId: string; client: Client },
  { now }: { now: Date },
): Promise<void> {
  const known = await isKnownDevice(tx, accountId, client);
  if (!(await openSession(tx, { reference, accountId, client }))) return;
  await recordEvent(tx, { action: "session.started", accountId, at: now, person: client });

  const [kept] = await tx
    .update(account)
    .set({ leavesAt: null })
    .where(and(eq(account.id, accountId), sql`${account.leavesAt} is not null`))
    .returning({ id: account.id });
  if (kept) await recordEvent(tx, { action: "account.kept", accountId, at: now });
  if (known && !kept) return;

  const [{ recipient } = { recipient: "" }] = await tx
    .select({ recipient: account.email })
    .from(account)
    .where(eq(account.id, accountId));
  if (kept) await postMail(tx, { kind: "account-kept", accountId, recipient, at: now });
  if (!known) {
    const details = { userAgent: client.userAgent ?? "" };
    await postMail(tx, { kind: "new-sign-in", accountId, recipient, details, at: now });
  }
}

/** Whether the account was entered from this browser before, as far back as sessions are kept. */
async function isKnownDevice(tx: Transaction, accountId: string, { device }: Client): Promise<boolean> {
  if (!device) return false;
  const [found] = await tx
    .select({ id: session.id })
    .from(session)
    .where(and(eq(session.accountId, accountId), eq(session.deviceHash, deviceDigest(device))))
    .limit(1);
  return found !== undefined;
}
