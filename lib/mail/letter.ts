import type { MailKind } from "@/lib/jobs/outbox";
import type { Locale } from "@/lib/messages/locale";

/** A mail as it is sent: everything in it is a function of what is stored, so that sending it again sends the same. */
export type Letter = {
  /** Of the row in the table of mails. */
  id: string;
  kind: MailKind;
  locale: Locale;
  to: string;
  /** An address, or a name and an address. */
  from: string;
  subject: string;
  text: string;
  html: string;
  /** With its angle brackets. */
  messageId: string;
  /** When what it tells happened. */
  at: Date;
};
