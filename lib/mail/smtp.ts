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
  const transport = createTransport({ url: mailUrl, requireTLS: requiresTls(mailUrl), ...PATIENCE });
  const { from, to, subject, text, html, messageId, at, locale, unsubscribe } = letter;
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
      headers: {
        "Auto-Submitted": "auto-generated",
        "Content-Language": locale,
        ...(unsubscribe && {
          "List-Unsubscribe": `<${unsubscribe.url}>`,
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }),
      },
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

/**
 * Whether the connection must turn to TLS before anything private is sent. Somebody on the path can remove the server's
 * offer of STARTTLS (RFC 3207, 6). `?requireTLS=false` in the URL allows it to stay in the clear.
 */
export function requiresTls(mailUrl: string): boolean {
  const { protocol, hostname } = new URL(mailUrl);
  return protocol === "smtp:" && !isLoopbackHost(hostname) && !forgoesTls(mailUrl);
}

/** Whether MAIL_URL allows that emails and the password travel in the clear. */
export const forgoesTls = (mailUrl: string): boolean => new URL(mailUrl).searchParams.get("requireTLS") === "false";

const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);

function isAboutThisMail(error: unknown): boolean {
  const { responseCode = 0, command = "" } = error as { responseCode?: number; command?: string };
  return responseCode >= 500 && stepsOfOneMail.includes(command);
}
