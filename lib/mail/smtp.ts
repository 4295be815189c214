import "server-only";
import { createTransport } from "nodemailer";
import type { Letter } from "@/lib/mail/letter";

/** Milliseconds. A server that hangs at any step delays its sender no longer than this. */
const PATIENCE = { connectionTimeout: 10_000, dnsTimeout: 5_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/**
 * Milliseconds for all steps together. It must be shorter than a claim, after which the queue counts the sender as
 * dead.
 */
const WHOLE_PATIENCE = 60_000;

/** SMTP commands (RFC 5321, 3.3) whose reply is about this email, not about the sender or the server. */
const stepsOfOneMail = ["RCPT TO", "DATA"];

/** The mail server rejects this email permanently. */
export class MailRefused extends Error {
  constructor(cause: unknown) {
    super("the mail server refused this mail", { cause });
    this.name = "MailRefused";
  }
}

/**
 * Sends an email over its own connection.
 * @throws MailRefused when the server rejects it permanently (a 5yz reply, RFC 5321, 4.2.1)
 */
export async function sendBySmtp(letter: Letter, mailUrl: string, signal: AbortSignal): Promise<void> {
  const transport = createTransport({ url: mailUrl, ...PATIENCE });
  const { from, to, subject, text, html, messageId, at, locale } = letter;
  try {
    await transport.sendMail({
      // As objects, addresses are never parsed as lists or groups of addresses.
      from,
      to: { name: "", address: to },
      subject,
      text,
      html,
      // No line is then longer than 76 characters, whatever it says.
      textEncoding: "quoted-printable",
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
