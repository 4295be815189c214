/** A length of time as it is sold: calendar months, then days of 24 hours. Both are whole and not negative. */
export type Term = { months: number; days: number };

/** How many years from now a subscription may end at most. A key that would exceed this is not used. */
export const TERM_CEILING_YEARS = 5;

const DAY_MS = 86_400_000;

/**
 * The instant one term after `anchor`. It counts in UTC, so neither the server's zone nor a clock change affects it.
 * Months come first, all counted from the anchor, and keep the time of day. If the month has no such day, the result is
 * its last day (31 January + 2 months = 31 March, + 1 month = 28 or 29 February). Days of 24 hours follow.
 * A longer term never ends earlier, and one more month or day always ends later.
 * @throws RangeError when months or days are negative or not whole, or when the anchor or the result is not a valid
 * Date
 */
export function addTerm(anchor: Date, term: Term): Date {
  assertTerm(term);
  const end = new Date(anchor);
  const month = anchor.getUTCMonth() + term.months;
  const lastOfMonth = new Date(anchor);
  lastOfMonth.setUTCFullYear(anchor.getUTCFullYear(), month + 1, 0);
  end.setUTCFullYear(anchor.getUTCFullYear(), month, Math.min(anchor.getUTCDate(), lastOfMonth.getUTCDate()));
  end.setTime(end.getTime() + term.days * DAY_MS);
  if (Number.isNaN(end.getTime())) throw new RangeError("the anchor or the end of a term is no date");
  return end;
}

/**
 * Adds months to months and days to days, so that the order of the terms does not matter.
 * @throws RangeError when months or days are negative or not whole
 */
export function sumTerms(terms: readonly Term[]): Term {
  terms.forEach(assertTerm);
  return {
    months: terms.reduce((sum, { months }) => sum + months, 0),
    days: terms.reduce((sum, { days }) => sum + days, 0),
  };
}

/** The latest end that a subscription may have at `now`, inclusive. */
export const ceilingFrom = (now: Date): Date => addTerm(now, { months: TERM_CEILING_YEARS * 12, days: 0 });

/** The first instant at which `end` is within the ceiling. For 29 February this is 1 March, five years earlier. */
export function withinCeilingFrom(end: Date): Date {
  const from = new Date(end);
  from.setUTCFullYear(from.getUTCFullYear() - TERM_CEILING_YEARS);
  return from;
}

function assertTerm({ months, days }: Term): void {
  if (![months, days].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError("a term is whole months and whole days, neither below zero");
  }
}
