import "server-only";
import { env } from "@/lib/env";
import type { Letter } from "@/lib/mail/letter";
import { keepAsFile } from "@/lib/mail/mail-files";
import { sendBySmtp } from "@/lib/mail/smtp";

/**
 * Hands a mail to the server of MAIL_URL, or, without one, puts it into `DATA_DIR/mail`.
 * @param signal ends it early, as a failure
 * @throws MailRefused when this mail will never be taken; any other error when it may be later
 */
export async function deliver(letter: Letter, signal: AbortSignal): Promise<void> {
  const { mailUrl, dataDir } = env();
  await (mailUrl ? sendBySmtp(letter, mailUrl, signal) : keepAsFile(letter, dataDir));
}
