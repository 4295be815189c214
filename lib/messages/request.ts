import { headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import en from "./en.json";
import fr from "./fr.json";
import { isLocale, type Locale, locales } from "./locale";

const messages: Record<Locale, typeof en> = { en, fr };

/**
 * The messages for one request, in the language that proxy.ts chose (`x-locale`). UTC is only next-intl's default zone:
 * pages format dates in the account's zone.
 */
export default getRequestConfig(async ({ locale: asked }) => {
  const wished = asked ?? (await headers()).get("x-locale");
  const locale = isLocale(wished) ? wished : locales[0];
  return { locale, messages: messages[locale], timeZone: "UTC" };
});
