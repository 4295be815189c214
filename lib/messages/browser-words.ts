import { getTranslations } from "next-intl/server";

type Device = { browser: string | null; system: string | null };
type Words = Awaited<ReturnType<typeof getTranslations<"browserName">>>;

/** A browser as a person knows it: "Firefox on Windows", "An unknown browser". */
export const deviceInWords = async (device: Device): Promise<string> =>
  writeDevice(device, await getTranslations("browserName"));

/** {@link deviceInWords}, with words at hand. @param t of the part `browserName` */
export function writeDevice({ browser, system }: Device, t: Words): string {
  if (browser && system) return t("both", { browser, system });
  if (browser) return browser;
  return system ? t("system", { system }) : t("unknown");
}
