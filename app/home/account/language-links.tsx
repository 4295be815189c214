import { getLocale, getTranslations } from "next-intl/server";
import { locales } from "@/lib/messages/locale";

/**
 * A link to each language, with the current one as text. The link sets and remembers the language: see
 * remember-locale.ts.
 */
export async function LanguageLinks() {
  const [t, current] = await Promise.all([getTranslations("footer.languages"), getLocale()]);
  return (
    <span className="flex gap-5">
      {locales.map((locale) =>
        locale === current ? (
          <span key={locale} aria-current="true">
            {t(locale)}
          </span>
        ) : (
          <a
            key={locale}
            href={`/home/account?lang=${locale}`}
            hrefLang={locale}
            lang={locale}
            className="link font-normal"
          >
            {t(locale)}
          </a>
        ),
      )}
    </span>
  );
}
