import { getTranslations } from "next-intl/server";
import { formatDay } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";

/** A browser or an app counts as in use for this long after its last visit, which is recorded every five minutes. */
const NOW_MS = 10 * 60_000;

type Place = { locale: Locale; timeZone: string; now: Date; /** Whether it shows the page. */ isThis?: boolean };

/** Since when a browser or an app is signed in, and when it was last seen, in words. */
export async function inUse(
  { since, lastSeen }: { since: Date; lastSeen: Date },
  { locale, timeZone, now, isThis = false }: Place,
): Promise<{ since: string; lastSeen: string }> {
  const t = await getTranslations("sessions");
  const day = (at: Date) => formatDay(at, locale, timeZone);
  return {
    since: t("since", { date: day(since) }),
    lastSeen:
      isThis || now.getTime() - lastSeen.getTime() < NOW_MS
        ? t("seen.now")
        : day(lastSeen) === day(now)
          ? t("seen.today")
          : t("seen.on", { date: day(lastSeen) }),
  };
}
