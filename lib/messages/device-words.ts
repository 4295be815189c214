import { getTranslations } from "next-intl/server";

/** A browser as a person knows it: "Firefox on Windows", "A browser we cannot name". */
export async function deviceInWords({
  browser,
  system,
}: {
  browser: string | null;
  system: string | null;
}): Promise<string> {
  const t = await getTranslations("deviceName");
  if (browser && system) return t("both", { browser, system });
  if (browser) return browser;
  return system ? t("system", { system }) : t("unknown");
}
