import type { Sender } from "@/lib/env";
import type { MailKind } from "@/lib/jobs/outbox";
import type { Locale } from "@/lib/messages/locale";

/** An email as it is sent. It depends only on stored data, so sending it again sends the same. */
export type Letter = {
  /** The id of its row in the table `mail`. */
  id: string;
  kind: MailKind;
  locale: Locale;
  to: string;
  from: Sender;
  subject: string;
  text: string;
  html: string;
  /** With its angle brackets. */
  messageId: string;
  /** Where one press turns emails of this kind off (RFC 8058); null: it cannot be turned off. */
  unsubscribe: { url: string } | null;
  /** When the change it reports happened. */
  at: Date;
};
