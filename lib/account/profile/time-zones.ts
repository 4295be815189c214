import { zonesIn } from "@/lib/account/profile/countries";
import type { Locale } from "@/lib/messages/locale";
import { zonePlace } from "@/lib/messages/zone-place";

type ZoneOption = { zone: string; name: string };

/**
 * Lists all time zones in alphabetical order, named after their place: the country's zones, then all others. The
 * account's zone is included under whichever of its names is stored.
 * @param given.country ISO 3166-1 alpha-2
 */
export function timeZoneOptions(
  given: { country: string; current: string },
  locale: Locale,
): { inCountry: ZoneOption[]; elsewhere: ZoneOption[]; current: string } {
  const current = Intl.DateTimeFormat("en", { timeZone: given.current }).resolvedOptions().timeZone;
  const own = new Set(zonesIn(given.country));
  const all = [...new Set([...Intl.supportedValuesOf("timeZone"), ...own, "UTC", current])];
  const { compare } = new Intl.Collator(locale);
  const named = all.map((zone) => ({ zone, name: zonePlace(zone, locale) })).sort((a, b) => compare(a.name, b.name));
  return {
    inCountry: named.filter(({ zone }) => own.has(zone)),
    elsewhere: named.filter(({ zone }) => !own.has(zone)),
    current,
  };
}
