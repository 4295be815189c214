import { getTranslations } from "next-intl/server";
import type { Locale } from "@/lib/messages/locale";

type LanguageOptionProps = {
  locale: Locale;
  /** Path and query of the page, to which it returns. */
  path: string;
  /**
   * Server action that also changes the account. Without it, a link changes only the pages of this browser: following a
   * link must change no account, because other sites have links too.
   */
  choose?: ((sent: FormData) => Promise<void>) | undefined;
  className: string;
};

/** The way to another language. */
export async function LanguageOption({ locale, path, choose, className }: LanguageOptionProps) {
  const name = (await getTranslations("footer.languages"))(locale);
  if (!choose) {
    return (
      <a href={withLanguage(path, locale)} hrefLang={locale} className={className}>
        {name}
      </a>
    );
  }
  return (
    <form action={choose}>
      <input type="hidden" name="back" value={withLanguage(path, undefined)} />
      <button type="submit" name="locale" value={locale} lang={locale} className={`cursor-pointer ${className}`}>
        {name}
      </button>
    </form>
  );
}

function withLanguage(path: string, locale: Locale | undefined): string {
  const [pathname = "/", query] = path.split("?");
  const search = new URLSearchParams(query);
  if (locale) search.set("lang", locale);
  else search.delete("lang");
  return search.size > 0 ? `${pathname}?${search}` : pathname;
}
