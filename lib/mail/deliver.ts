import "server-only";
import { env } from "@/lib/env";
import type { Letter } from "@/lib/mail/letter";
import { keepAsFile } from "@/lib/mail/mail-files";
import { sendBySmtp } from "@/lib/mail/smtp";

/**
 * Sends an email through the server of MAIL_URL or, without one, writes it to `DATA_DIR/mail`.
 * @param signal aborts the delivery, which then fails
 * @throws MailRefused when the server rejects this email for good; any other error when a later try may succeed
 */
export async function deliver(letter: Letter, signal: AbortSignal): Promise<void> {
  const { mailUrl, dataDir } = env();
  await (mailUrl ? sendBySmtp(letter, mailUrl, signal) : keepAsFile(letter, dataDir));
}
