import { getLocale, getTranslations } from "next-intl/server";
import { LanguageOption } from "@/components/language-option";
import { locales } from "@/lib/messages/locale";
import { chooseLanguage } from "@/app/choose-language";

/** The way to each language, with the current one as text. */
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
          <LanguageOption
            key={locale}
            locale={locale}
            path="/home/account"
            choose={chooseLanguage}
            className="link font-normal"
          />
        ),
      )}
    </span>
  );
}
