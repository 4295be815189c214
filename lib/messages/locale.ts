/** The languages there are words for; the first is the one for everybody else. */
export const locales = ["en", "fr"] as const;

export type Locale = (typeof locales)[number];

/** For dates, lists and names: English here is the British one, like its spelling. */
export const languageTags: Record<Locale, string> = { en: "en-GB", fr: "fr-FR" };

export const isLocale = (value: unknown): value is Locale => locales.some((locale) => locale === value);

/**
 * The language of one answer: what the address asks for (`?lang=`), else what this browser chose, else the
 * account's language, else what the browser accepts, else English. Unknown values count as absent.
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

/** The best of our languages for an Accept-Language header (RFC 9110, 12.5.4): by weight, then by order; weight 0 refuses. */
function accepted(header: string): Locale | undefined {
  const ranges = header.split(",").flatMap((entry) => {
    const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    const quality = weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
    const language = tag.split("-")[0];
    return quality > 0 && language ? [{ language, quality }] : [];
  });
  // Sorting is stable: of two equal weights the one named first stays first.
  const preferred = ranges.sort((a, b) => b.quality - a.quality);
  return preferred.map(({ language }) => (language === "*" ? locales[0] : language)).find(isLocale);
}
