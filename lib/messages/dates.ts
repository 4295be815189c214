import { dateFormat } from "@/lib/date-format";
import { languageTags, type Locale } from "@/lib/messages/locale";
import { zoneInWords } from "@/lib/messages/zone-place";

const MINUTE_MS = 60_000;

/**
 * The day of an instant in an IANA time zone: "31 March 2027", "31 mars 2027", and "1er mars 2027" (Intl writes
 * "1 mars"). A no-break space keeps the day and the month on one line.
 * @throws RangeError for an unknown zone
 */
export function formatDay(at: Date, locale: Locale, timeZone: string): string {
  const format = dateFormat(languageTags[locale], { dateStyle: "long", timeZone });
  const parts = format.formatToParts(at);
  return parts.map((part, index) => (parts[index - 1]?.type === "day" ? "\u00a0" : wordOf(part, locale))).join("");
}

/** A calendar date as it is printed, which has no zone. @param date YYYY-MM-DD */
export const formatDate = (date: string, locale: Locale): string => formatDay(new Date(date), locale, "UTC");

const wordOf = ({ type, value }: Intl.DateTimeFormatPart, locale: Locale) =>
  locale === "fr" && type === "day" && value === "1" ? "1er" : value;

/**
 * An instant to the minute, with its zone in words: "31 March 2027, 23:59 Paris time", "31 mars 2027 à 23 h 59, heure de
 * Paris".
 * @throws RangeError for an unknown zone
 */
export function formatMoment(at: Date, locale: Locale, timeZone: string): string {
  const day = formatDay(at, locale, timeZone);
  const clock = formatClock(at, locale, timeZone);
  const zone = zoneInWords(timeZone, locale, at);
  return locale === "fr" ? `${day} à ${clock}, ${zone}` : `${day}, ${clock} ${zone}`;
}

/**
 * The time of day of an instant, on the 24-hour clock: "08:05", and in French "8 h 05" with no-break spaces.
 * @throws RangeError for an unknown zone
 */
export function formatClock(at: Date, locale: Locale, timeZone: string): string {
  const clock = dateFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const time = clock.format(at);
  return locale === "fr" ? time.replace(/^0?(\d+):/, "$1\u00a0h\u00a0") : time;
}

/**
 * The last moment of an exclusive end, as every page and email writes it: "24 November 2027, 23:59 Paris time".
 * @throws RangeError for an unknown zone
 */
export const formatEnd = (endExclusive: Date, locale: Locale, timeZone: string): string =>
  formatMoment(lastMomentOf(endExclusive, timeZone), locale, timeZone);

/**
 * The moment to show after "until" for an exclusive end. An end at the very start of a day in the person's zone is shown
 * as 23:59 of the day before, which is their last day. (A day starts at midnight, or at 01:00 where a clock change skips
 * midnight.) Any other end is shown as it is. `daysLeft` of lib/licence/coverage.ts counts to the same day.
 * @throws RangeError for an unknown zone
 */
export function lastMomentOf(endExclusive: Date, timeZone: string): Date {
  const justBefore = new Date(endExclusive.getTime() - 1);
  const startsDay = formatDay(justBefore, "en", timeZone) !== formatDay(endExclusive, "en", timeZone);
  return startsDay ? new Date(endExclusive.getTime() - MINUTE_MS) : endExclusive;
}
