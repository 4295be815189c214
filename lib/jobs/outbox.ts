import "server-only";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";

/** Every kind of email. lib/mail has the text of each. */
export const mailKinds = [
  "confirm-address",
  "reset-password",
  "password-changed",
  "new-sign-in",
  "key-redeemed",
  "address-changed",
  "address-restorable",
  "address-restored",
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
  /** The token whose link or code the email carries. */
  tokenId?: string;
  /** What the text needs besides the account and the token: codes and instants, never a key or a secret. */
  details?: Record<string, string | number>;
  /** When the change that the email reports happened. */
  at: Date;
};

/**
 * Queues an email in the transaction of the change it reports: both are committed, or neither. It takes one statement,
 * also for an account that does not exist, for which it writes nothing: timing must not tell the two apart.
 * @returns the email's id, from which its Message-ID is made; null when there is no such account
 */
export async function postMail(tx: Transaction, { at, ...letter }: NewMail): Promise<string | null> {
  const { kind, accountId, recipient, tokenId = null, details = {} } = letter;
  const { rows } = await tx.execute<{ id: string }>(sql`
    INSERT INTO mail (account_id, kind, recipient, token_id, details, created_at)
    SELECT account.id, ${kind}, ${recipient}, ${tokenId}, ${JSON.stringify(details)}, ${at.toISOString()}
      FROM account WHERE account.id = ${accountId}
    RETURNING id`);
  return rows[0]?.id ?? null;
}
