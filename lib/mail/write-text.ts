import "server-only";
import type { Content, Part } from "@/lib/mail/content";
import { mailWords, type MailWords } from "@/lib/mail/words";
import type { Locale } from "@/lib/messages/locale";

/** Renders an email as plain text. A link has a line of its own, so that every program finds its end. */
export function writeText({ greeting, lead, parts, smallPrint }: Content, { locale }: { locale: Locale }): string {
  const t = mailWords(locale);
  // The signature separator of RFC 3676, 4.3: programs show the text below it as small print.
  const end = ["-- ", ...smallPrint].join("\n");
  return [greeting, lead, ...parts.map((part) => writePart(part, t)), end].join("\n\n") + "\n";
}

function writePart(part: Part, t: MailWords): string {
  switch (part.is) {
    case "words":
    case "heading":
      return part.text;
    case "facts":
      return part.facts.map((fact) => t("fact", fact)).join("\n");
    case "button":
    case "link":
      return `${part.text}\n${part.url}`;
    case "code":
      return part.code;
    case "quote":
      return part.text.replace(/^/gm, "> ");
  }
}
