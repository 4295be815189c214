import "server-only";
import { reminderToken } from "@/lib/account/profile/reminders";
import { env } from "@/lib/env";
import { compose } from "@/lib/mail/compose";
import type { Letter } from "@/lib/mail/letter";
import type { Post } from "@/lib/mail/post";
import { writeHtml } from "@/lib/mail/write-html";
import { writeText } from "@/lib/mail/write-text";
import { isLocale, locales } from "@/lib/messages/locale";

/** Writes an email in its account's language and time zone, as both are at `now`. */
export function writeLetter(post: Post, { now }: { now: Date }): Letter {
  const { authUrl, mailFrom } = env();
  const locale = isLocale(post.account.locale) ? post.account.locale : locales[0];
  const content = compose(post, { locale, now });
  return {
    id: post.id,
    kind: post.kind,
    locale,
    to: post.recipient,
    from: mailFrom,
    subject: content.subject,
    text: writeText(content, { locale }),
    html: writeHtml(content, { locale }),
    messageId: `<${post.id}@${new URL(authUrl).hostname}>`,
    unsubscribe: content.canStop ? { url: `${authUrl}/api/reminders?token=${reminderToken(post.account.id)}` } : null,
    at: post.createdAt,
  };
}
