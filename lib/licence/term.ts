/** A length as it is sold: calendar months and, after them, days of 24 hours. Both whole and not negative. */
export type Term = { months: number; days: number };

/** How far from now a subscription may reach, in years; a key that leads beyond stays unspent. */
export const TERM_CEILING_YEARS = 5;

const DAY_MS = 86_400_000;

/**
 * The instant one term after `anchor`, in UTC, so that neither the server's zone nor a clock change has a say.
 * Months come first, all at once from the anchor, and fall on the month's last day where it has no such day
 * (31 January + 2 months = 31 March, + 1 month = 28 or 29 February); the time of day stays. Then days of 24 hours.
 * A longer term never ends earlier, and one more month or day always ends later.
 * Throws RangeError for a term that is not whole and not negative, and for a result no Date can hold.
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

/** Months with months and days with days, so that the order of the terms does not matter. Throws RangeError like `addTerm`. */
export function sumTerms(terms: readonly Term[]): Term {
  terms.forEach(assertTerm);
  return {
    months: terms.reduce((sum, { months }) => sum + months, 0),
    days: terms.reduce((sum, { days }) => sum + days, 0),
  };
}

/** The latest end a subscription may have, seen from `now`; an end exactly there is allowed. */
export const ceilingFrom = (now: Date): Date => addTerm(now, { months: TERM_CEILING_YEARS * 12, days: 0 });

/** The first instant from which on `end` lies within the ceiling. 29 February comes from 1 March of a common year. */
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
