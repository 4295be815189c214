import "server-only";
import { createTransport } from "nodemailer";
import type { Letter } from "@/lib/mail/letter";

/** Milliseconds. A server that hangs at any step holds its sender no longer than this. */
const PATIENCE = { connectionTimeout: 10_000, dnsTimeout: 5_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** Milliseconds for all steps together; less than after which the queue takes the sender for dead. */
const WHOLE_PATIENCE = 60_000;

/** The steps of SMTP (RFC 5321, 3.3) at which an answer is about this one mail, and not about the sender or the server. */
const stepsOfOneMail = ["RCPT TO", "DATA"];

/** The mail server will not take this mail, however often it is asked. */
export class MailRefused extends Error {
  constructor(cause: unknown) {
    super("the mail server refused this mail", { cause });
    this.name = "MailRefused";
  }
}

/**
 * Sends a mail by a connection of its own.
 * @throws MailRefused when the server refuses it for good (a reply of 5yz, RFC 5321, 4.2.1)
 */
export async function sendBySmtp(letter: Letter, mailUrl: string, signal: AbortSignal): Promise<void> {
  const transport = createTransport({ url: mailUrl, ...PATIENCE });
  const { from, to, subject, text, html, messageId, at, locale } = letter;
  try {
    await transport.sendMail({
      from,
      // As an object, an address is never read as a list of them.
      to: { name: "", address: to },
      subject,
      text,
      html,
      messageId,
      date: at,
      headers: { "Auto-Submitted": "auto-generated", "Content-Language": locale },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_PATIENCE)]),
    });
  } catch (error) {
    throw isAboutThisMail(error) ? new MailRefused(error) : error;
  } finally {
    transport.close();
  }
}

function isAboutThisMail(error: unknown): boolean {
  const { responseCode = 0, command = "" } = error as { responseCode?: number; command?: string };
  return responseCode >= 500 && stepsOfOneMail.includes(command);
}
