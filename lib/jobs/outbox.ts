import "server-only";
import { randomUUID } from "node:crypto";
import type { Transaction } from "@/lib/db/client";
import { mail } from "@/lib/db/schema";
import { queues, sendJob } from "@/lib/jobs/boss";

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
 * Writes a mail and the job that sends it, in the transaction of what it tells: committed together or not at all.
 * @returns the mail's id, which is its Message-ID too
 */
export async function postMail(tx: Transaction, { at, ...letter }: NewMail): Promise<string> {
  const id = randomUUID();
  await tx.insert(mail).values({ id, ...letter, createdAt: at });
  await sendJob(tx, queues.mail, { id, data: { mailId: id } });
  return id;
}
