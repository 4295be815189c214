import "server-only";
import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account, session } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { lockAccount } from "@/lib/account/lock-account";
import { browserDigest, openSession, type Client } from "@/lib/account/session/sessions";

type Entry = {
  /** A new reference. Repeating the call with the same one changes nothing. */
  reference: string;
  accountId: string;
  client: Client;
  /** The hash that the password matched, when signing in by password. */
  passwordHash?: string;
};

/**
 * Opens a session for a person who has just proved who they are. A sign-in from a new browser is emailed to the owner.
 * A pending deletion is cancelled.
 * @returns whether a deletion was cancelled; null when the proof no longer holds: the password was changed or the
 * account erased meanwhile
 */
export async function startSession(
  tx: Transaction,
  { reference, accountId, client, passwordHash }: Entry,
  { now }: { now: Date },
): Promise<{ kept: boolean } | null> {
  const owner = await lockAccount(tx, accountId);
  if (!owner?.passwordHash || (passwordHash !== undefined && owner.passwordHash !== passwordHash)) return null;
  const known = await isKnownBrowser(tx, accountId, client);
  if (!(await openSession(tx, { reference, accountId, client }))) return { kept: false };
  await recordEvent(tx, { action: "session.started", accountId, at: now, person: client });

  const letter = { accountId, recipient: owner.email, at: now };
  if (owner.leavesAt) {
    await tx.update(account).set({ leavesAt: null }).where(eq(account.id, accountId));
    await recordEvent(tx, { action: "account.kept", accountId, at: now });
    await postMail(tx, { kind: "account-kept", ...letter });
  }
  if (!known) await postMail(tx, { kind: "new-sign-in", ...letter, details: { userAgent: client.userAgent ?? "" } });
  return { kept: owner.leavesAt !== null };
}

/** Whether the account was signed in to from this browser before, as far back as sessions are kept. */
async function isKnownBrowser(tx: Transaction, accountId: string, { browser }: Client): Promise<boolean> {
  if (!browser) return false;
  const [found] = await tx
    .select({ id: session.id })
    .from(session)
    .where(and(eq(session.accountId, accountId), eq(session.browserHash, browserDigest(browser))))
    .limit(1);
  return found !== undefined;
}
