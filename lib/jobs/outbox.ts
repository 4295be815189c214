import "server-only";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { log } from "@/lib/log";

/** Every kind of email. lib/mail has the text of each. */
export const mailKinds = [
  "confirm-address",
  "reset-password",
  "password-changed",
  "new-sign-in",
  "new-app-sign-in",
  "handoff-link",
  "key-redeemed",
  "key-kept",
  "key-moved-away",
  "key-moved-here",
  "key-withdrawn",
  "key-restored",
  "dispute-answered",
  "lease-started",
  "lease-suspended",
  "lease-resumed",
  "lease-ended",
  "device-released",
  "subscription-ends",
  "subscription-continues",
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
 * Emails that an unconfirmed address gets too: each asks the address to prove whose it is. All others report something
 * to the owner, and an unconfirmed address may belong to a stranger.
 */
const proving: readonly MailKind[] = ["confirm-address", "reset-password", "confirm-deletion"];

/** The most emails an address gets within an hour: of one kind, and of all kinds together. */
export const mostMails = { ofKind: 10, ofAll: 50 };

/**
 * Queues an email in the transaction of the change it reports: both are committed, or neither. It takes one statement,
 * also for an account that does not exist, for which it writes nothing: timing must not tell the two apart. Nothing is
 * queued either for the account's address while it is unconfirmed, unless the email proves it, or beyond
 * {@link mostMails}.
 * @returns the email's id, from which its Message-ID is made; null when nothing was queued
 */
export async function postMail(tx: Transaction, { at, ...letter }: NewMail): Promise<string | null> {
  const { kind, accountId, recipient, tokenId = null, details = {} } = letter;
  const sentAt = at.toISOString();
  const { rows } = await tx.execute<{ id: string | null; flooded: boolean }>(sql`
    WITH target AS (
      SELECT account.id, ${proving.includes(kind)} OR email_verified_at IS NOT NULL OR email <> ${recipient} AS fitting,
             lately.all_kinds >= ${mostMails.ofAll} OR lately.this_kind >= ${mostMails.ofKind} AS flooded
        FROM account, LATERAL (
          SELECT count(*) AS all_kinds, count(*) FILTER (WHERE kind = ${kind}) AS this_kind FROM mail
           WHERE recipient = ${recipient} AND created_at > ${sentAt}::timestamptz - interval '1 hour') AS lately
       WHERE account.id = ${accountId}),
    queued AS (
      INSERT INTO mail (account_id, kind, recipient, token_id, details, created_at)
      SELECT id, ${kind}, ${recipient}, ${tokenId}, ${JSON.stringify(details)}, ${sentAt}
        FROM target WHERE fitting AND NOT flooded
      RETURNING id)
    SELECT queued.id, target.flooded FROM target LEFT JOIN queued ON true`);
  const [row] = rows;
  if (row?.flooded) log().warn({ kind, accountId }, "an email was dropped: its recipient had too many within an hour");
  return row?.id ?? null;
}
