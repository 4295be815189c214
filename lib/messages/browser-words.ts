import { getTranslations } from "next-intl/server";

type Device = { browser: string | null; system: string | null };
type Words = Awaited<ReturnType<typeof getTranslations<"browserName">>>;

/** The name of a browser for people: "Firefox on Windows", "An unknown browser". */
export const deviceInWords = async (device: Device): Promise<string> =>
  writeDevice(device, await getTranslations("browserName"));

/** Like {@link deviceInWords}, for callers that already have the translator. @param t for the namespace `browserName` */
export function writeDevice({ browser, system }: Device, t: Words): string {
  if (browser && system) return t("both", { browser, system });
  if (browser) return browser;
  return system ? t("system", { system }) : t("unknown");
}
