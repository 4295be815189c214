import "server-only";
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { queues, removeJob, sendJob, stateOfJob } from "@/lib/jobs/boss";

/** Every mail there is; lib/mail has words for each. */
export const mailKinds = [
  "confirm-address",
  "reset-password",
  "password-changed",
  "new-sign-in",
  "key-redeemed",
  "address-changed",
  "address-restorable",
  "passkey-added",
  "passkey-removed",
  "confirm-deletion",
  "account-leaving",
  "account-kept",
] as const;

export type MailKind = (typeof mailKinds)[number];

export type NewMail = {
  kind: MailKind;
  accountId: string;
  recipient: string;
  /** The token whose link or code the mail carries. */
  tokenId?: string;
  /** What lib/mail needs besides the account and the token: codes and instants, never a key or a secret. */
  details?: Record<string, string | number>;
  at: Date;
};

/**
 * Writes a mail and the job that sends it, in the transaction of what it tells: committed together or not at all. For an
 * account that does not exist the same statements write none, and the job names a mail that is not there.
 * @returns the mail's id, which is its Message-ID too
 */
export async function postMail(tx: Transaction, { at, ...letter }: NewMail): Promise<string> {
  const id = randomUUID();
  const { kind, accountId, recipient, tokenId = null, details = {} } = letter;
  await tx.execute(sql`
    INSERT INTO mail (id, account_id, kind, recipient, token_id, details, created_at)
    SELECT ${id}, account.id, ${kind}, ${recipient}, ${tokenId}, ${JSON.stringify(details)}, ${at.toISOString()}
      FROM account WHERE account.id = ${accountId}`);
  await queueMail(tx, id);
  return id;
}

/**
 * Has a mail tried at once and, if need be, for two days more, whatever became of it before.
 * @returns false when it is being sent just now
 */
export async function queueMailAnew(tx: Transaction, id: string): Promise<boolean> {
  const state = await stateOfJob(tx, queues.mail, id);
  if (state === "active") return false;
  if (state !== "none") await removeJob(tx, queues.mail, id);
  await queueMail(tx, id);
  return true;
}

/** A mail's job has the mail's id: there are never two that send it. */
const queueMail = (tx: Transaction, id: string) => sendJob(tx, queues.mail, { id, data: { mailId: id } });
