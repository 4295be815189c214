import { languageTags, type Locale } from "@/lib/messages/locale";
import { zoneInWords } from "@/lib/messages/zone-place";

const MINUTE_MS = 60_000;

/**
 * The day of an instant in an IANA time zone: "31 March 2027", "31 mars 2027", and "1er mars 2027", where Intl says
 * "1 mars". The month is not parted from its day at the end of a line. Throws RangeError for an unknown zone.
 */
export function formatDay(at: Date, locale: Locale, timeZone: string): string {
  const format = new Intl.DateTimeFormat(languageTags[locale], { dateStyle: "long", timeZone });
  const parts = format.formatToParts(at);
  return parts.map((part, index) => (parts[index - 1]?.type === "day" ? "\u00a0" : wordOf(part, locale))).join("");
}

const wordOf = ({ type, value }: Intl.DateTimeFormatPart, locale: Locale) =>
  locale === "fr" && type === "day" && value === "1" ? "1er" : value;

/**
 * An instant to the minute with its zone in words: "31 March 2027, 23:59 Paris time", "31 mars 2027 à 23:59, heure de
 * Paris". Throws RangeError for an unknown zone.
 */
export function formatMoment(at: Date, locale: Locale, timeZone: string): string {
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const day = formatDay(at, locale, timeZone);
  const zone = zoneInWords(timeZone, locale, at);
  return locale === "fr" ? `${day} à ${clock.format(at)}, ${zone}` : `${day}, ${clock.format(at)} ${zone}`;
}

/**
 * The moment to show after "until" for an end that is exclusive. An end at the very start of a day in the person's zone
 * (midnight, or 01:00 where a clock change skips midnight) is shown as 23:59 of the day before, which is the last day
 * they have; any other end is shown as it is. `daysLeft` of lib/licence/coverage.ts counts to the same day.
 * Throws RangeError for an unknown zone.
 */
export function lastMomentOf(endExclusive: Date, timeZone: string): Date {
  const justBefore = new Date(endExclusive.getTime() - 1);
  const startsDay = formatDay(justBefore, "en", timeZone) !== formatDay(endExclusive, "en", timeZone);
  return startsDay ? new Date(endExclusive.getTime() - MINUTE_MS) : endExclusive;
}
