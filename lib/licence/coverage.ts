import { addTerm, sumTerms, type Term } from "@/lib/licence/term";

/** A line of the ledger with its amendments applied: `truncatedAt` is where its part must end at the latest. */
export type LedgerGrant = Term & {
  id: string;
  grantedAt: Date;
  /** The ledger's own order, which decides between grants of the same instant. */
  seq: number;
  undoneAt: Date | null;
  truncatedAt: Date | null;
};

/** All intervals are UTC instants, the end exclusive. Segments are in order with a gap between them, parts without one. */
export type Coverage = {
  segments: { startsAt: Date; endsAt: Date; parts: { grantId: string; startsAt: Date; endsAt: Date }[] }[];
  /** The end of the last segment; null when nothing was ever covered. */
  endsAt: Date | null;
};

/** An unbroken stretch whose months are all counted from one anchor: it ends at anchor + term. */
type Run = { anchor: Date; term: Term; endsAt: Date };

/**
 * What a subscription's grants cover. The input may be in any order; undone grants count for nothing.
 *
 * - In the order (grantedAt, seq) a grant starts at max(grantedAt, end of the coverage before it). A grant of the very
 *   instant where the coverage ends still belongs to it.
 * - A run ends at anchor + the sum of its terms, months before days (`addTerm`). So the order of its grants does not move
 *   its end, 31 January + 1 month + 1 month is 31 March, and each part is exactly the grant's own calendar months as
 *   counted from the anchor (12 months are 365 or 366 days) plus exactly its own days of 24 hours.
 * - A grant truncated before its end covers only what lies before that instant, nothing if that is before its start. Where
 *   it is cut the run ends, though not the segment: what comes after starts there and counts its months from there,
 *   so that a grant given in place of the cut one lasts as long as if it had been the first. Without the truncation
 *   the fold is as if it had never been.
 *
 * Guarantees, each proved in coverage.property.test.ts: a grant appended to the ledger moves no part before it and makes
 * the coverage longer. Taking a grant back costs no other grant any of its term. A grant put into the past (a restored
 * one) never shortens a ledger of untruncated months that share a time of day; otherwise it may make a later month count
 * from another day, which moves the end by at most four days: so much do two spans of as many months differ.
 *
 * Throws RangeError for a term or an instant that is none (see `addTerm`).
 */
export function foldCoverage(grants: readonly LedgerGrant[]): Coverage {
  const segments: Coverage["segments"] = [];
  let run: Run | undefined;

  for (const grant of inLedgerOrder(grants.filter(({ undoneAt }) => undoneAt === null))) {
    const joined = run && grant.grantedAt <= run.endsAt ? run : undefined;
    const startsAt = joined?.endsAt ?? grant.grantedAt;
    const whole = extend(joined ?? { anchor: startsAt, term: { months: 0, days: 0 }, endsAt: startsAt }, grant);
    const given = cut(whole, grant.truncatedAt);
    // A grant that covers nothing leaves no trace: no part, no segment, no anchor.
    if (given.endsAt <= startsAt) continue;

    const part = { grantId: grant.id, startsAt, endsAt: given.endsAt };
    const segment = joined && segments.at(-1);
    if (segment) {
      segment.parts.push(part);
      segment.endsAt = part.endsAt;
    } else segments.push({ startsAt, endsAt: part.endsAt, parts: [part] });
    run = given;
  }
  return { segments, endsAt: run?.endsAt ?? null };
}

/**
 * Whole calendar days, in the person's zone, from today to the last day that is covered at all, as a person counts them:
 * 0 on that last day (and when it is over), 1 the day before. `end` is exclusive, so an end at the zone's midnight has
 * its last day the day before. Throws RangeError for an unknown zone.
 */
export const daysLeft = (end: Date, now: Date, timeZone: string): number =>
  Math.max(0, daysBetween(now, new Date(end.getTime() - 1), timeZone));

/**
 * How many calendar days `to` lies after `from` in an IANA time zone: midnights, not 24 hours, so a day with a clock
 * change is one day. Negative when `to` is on an earlier day. Throws RangeError for an unknown zone.
 */
export function daysBetween(from: Date, to: Date, timeZone: string): number {
  const calendar = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "numeric", day: "numeric" });
  const dayNumber = (at: Date) => {
    const fields = new Map(calendar.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(fields.get("year") ?? NaN, (fields.get("month") ?? NaN) - 1, fields.get("day")) / 86_400_000;
  };
  return dayNumber(to) - dayNumber(from);
}

const inLedgerOrder = (grants: readonly LedgerGrant[]): LedgerGrant[] =>
  grants.toSorted((a, b) => a.grantedAt.getTime() - b.grantedAt.getTime() || a.seq - b.seq);

function extend(run: Run, grant: Term): Run {
  const term = sumTerms([run.term, grant]);
  return { anchor: run.anchor, term, endsAt: addTerm(run.anchor, term) };
}

const cut = (run: Run, at: Date | null): Run =>
  at && at < run.endsAt ? { anchor: at, term: { months: 0, days: 0 }, endsAt: at } : run;
