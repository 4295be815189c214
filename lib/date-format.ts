const formats = new Map<string, Intl.DateTimeFormat>();

/** More than all time zones in all locales. */
const LIMIT = 2_000;

/**
 * A formatter of dates, made once: making one takes much longer than using it.
 * @throws RangeError for an unknown time zone or locale
 */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify([locale, options]);
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  // A zone can be spelled in many ways.
  if (formats.size >= LIMIT) formats.clear();
  formats.set(name, made);
  return made;
}
