import { getTranslations } from "next-intl/server";

type Browser = { browser: string | null; system: string | null };
type Words = Awaited<ReturnType<typeof getTranslations<"browserName">>>;

/** The name of a browser for people: "Firefox on Windows", "An unknown browser". */
export const browserInWords = async (browser: Browser): Promise<string> =>
  writeBrowser(browser, await getTranslations("browserName"));

/** Like {@link browserInWords}, for callers that already have the translator. @param t for the namespace `browserName` */
export function writeBrowser({ browser, system }: Browser, t: Words): string {
  if (browser && system) return t("both", { browser, system });
  if (browser) return browser;
  return system ? t("system", { system }) : t("unknown");
}
