import "server-only";
import { codeOf, tokenOf, type TokenPurpose } from "@/lib/account/tokens";
import { env } from "@/lib/env";
import type { MailKind } from "@/lib/jobs/outbox";
import type { Letter } from "@/lib/mail/letter";
import { isLocale } from "@/lib/messages/locale";

/** A mail that waits, with what is needed to write it. */
export type Post = {
  id: string;
  kind: MailKind;
  recipient: string;
  details: Record<string, string | number>;
  createdAt: Date;
  tries: number;
  account: {
    name: string;
    email: string;
    locale: string;
    timeZone: string;
    emailVerifiedAt: Date | null;
    erasedAt: Date | null;
  };
  token: { id: string; purpose: TokenPurpose; createdAt: Date; expiresAt: Date; usedAt: Date | null } | null;
};

/** Where the links of mails lead to. */
const pages: Partial<Record<TokenPurpose, string>> = {
  "verify-email": "/verify-email",
  "change-email": "/verify-email",
  "restore-email": "/restore-email",
  "reset-password": "/reset-password",
  "delete-account": "/delete-account",
};

/** Writes a mail in its account's language, as it is at `now`. */
export function writeLetter(post: Post, { now: _now }: { now: Date }): Letter {
  const { authUrl, mailFrom } = env();
  const { id, kind, recipient, account, token, createdAt } = post;
  const locale = isLocale(account.locale) ? account.locale : "en";
  const link = token ? `${authUrl}${pages[token.purpose]}?token=${tokenOf(token)}` : `${authUrl}/home/account`;
  const code = kind === "confirm-address" && token ? codeOf(token) : undefined;
  const lines = [kind, link, ...(code ? [code] : [])];
  return {
    id,
    kind,
    locale,
    to: recipient,
    from: mailFrom,
    subject: kind,
    text: lines.join("\n\n"),
    html: lines.map((line) => `<p>${line}</p>`).join("\n"),
    messageId: `<${id}@${new URL(authUrl).hostname}>`,
    at: createdAt,
  };
}
