/** The languages the portal has messages for. The first is the default. */
export const locales = ["en", "fr"] as const;

export type Locale = (typeof locales)[number];

/** For dates, lists and names. English is British, like the spelling of the messages. */
export const languageTags: Record<Locale, string> = { en: "en-GB", fr: "fr-FR" };

export const isLocale = (value: unknown): value is Locale => locales.some((locale) => locale === value);

/**
 * The language of one response. The first known value wins: `?lang=`, the browser's choice, the account's language,
 * Accept-Language, English.
 */
export function resolveLocale(wishes: {
  query?: string | null | undefined;
  chosenCookie?: string | null | undefined;
  accountCookie?: string | null | undefined;
  acceptLanguage?: string | null | undefined;
}): Locale {
  const explicit = [wishes.query, wishes.chosenCookie, wishes.accountCookie].find(isLocale);
  return explicit ?? accepted(wishes.acceptLanguage ?? "") ?? locales[0];
}

/** Our best language for an Accept-Language header (RFC 9110, section 12.5.4): by weight, then by order. Weight 0 excludes a language. */
function accepted(header: string): Locale | undefined {
  const ranges = header.split(",").flatMap((entry) => {
    const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    const quality = weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
    const language = tag.split("-")[0];
    return quality > 0 && language ? [{ language, quality }] : [];
  });
  // The sort is stable, so languages of equal weight keep their order.
  const preferred = ranges.sort((a, b) => b.quality - a.quality);
  return preferred.map(({ language }) => (language === "*" ? locales[0] : language)).find(isLocale);
}
