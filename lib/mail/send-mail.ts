import "server-only";
import { isAsIssued } from "@/lib/account/tokens";
import { log } from "@/lib/log";
import type { ClaimedMail } from "@/lib/mail/claim-mails";
import { deliver } from "@/lib/mail/deliver";
import { describeFailure } from "@/lib/mail/describe-failure";
import { settleClaim } from "@/lib/mail/settle-claim";
import { MailRefused } from "@/lib/mail/smtp";
import { writeLetter } from "@/lib/mail/write-letter";

/** Attempts before an email is given up. With the pauses between them they take two days. */
export const MOST_TRIES = 57;

/** Seconds to wait after a failed attempt: 10 after the first, then twice as long each time, at most an hour. */
export const pauseAfter = (tries: number): number => Math.min(3_600, 10 * 2 ** (tries - 1));

/**
 * Sends a claimed email once and records the outcome. An email is sent twice only if the database fails after the mail
 * server accepted it and before the outcome is recorded. Both copies have the same Message-ID.
 * @param signal ends the attempt early; another worker can then claim the email immediately
 * @throws Error when the outcome could not be recorded; the claim then expires by itself
 */
export async function sendMail(
  claimed: ClaimedMail,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<void> {
  const { id: mailId, kind, tries } = claimed;
  // The process died during the last attempt, so that attempt has no outcome.
  if (tries > MOST_TRIES) return giveUp(claimed);
  if (isOutOfDate(claimed, now)) return settleClaim(claimed, { status: "out-of-date" });
  try {
    await deliver(writeLetter(claimed, { now }), signal);
  } catch (error) {
    const lastError = describeFailure(error, claimed.recipient);
    const isRefused = error instanceof MailRefused;
    if (signal.aborted && !isRefused) return settleClaim(claimed, { status: "released" });
    log().warn({ mailId, kind, tries, lastError }, "an email was not sent");
    if (isRefused || tries >= MOST_TRIES) return giveUp(claimed, lastError);
    return settleClaim(claimed, { status: "retry", lastError, seconds: pauseAfter(tries) });
  }
  await settleClaim(claimed, { status: "sent" });
  log().info({ mailId, kind, tries }, "an email was sent");
}

async function giveUp(claimed: ClaimedMail, lastError?: string): Promise<void> {
  await settleClaim(claimed, { status: "given-up", lastError });
  log().error({ mailId: claimed.id, kind: claimed.kind }, "an email was given up; see: portal emails list");
}

/** Whether the email is useless: its link no longer works, or the account is erased. */
function isOutOfDate({ kind, details, account, token, tokenHash }: ClaimedMail, now: Date): boolean {
  if (account.erasedAt) return true;
  if (kind === "handoff-link") return new Date(details.until!) <= now;
  if (!token || !tokenHash) return false;
  return token.usedAt !== null || token.expiresAt <= now || !isAsIssued({ ...token, hash: tokenHash });
}
