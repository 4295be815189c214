import { addTerm, sumTerms, type Term } from "@/lib/licence/term";

/**
 * How long a grant covers, once it is its turn:
 * a term, until an instant decided elsewhere (a lease, a store's purchase), or open-ended until somebody ends it.
 */
export type Gives = ({ kind: "term" } & Term) | { kind: "until"; at: Date } | { kind: "open" };

/** A line of the ledger with its amendments applied: `truncatedAt` is where its part must end at the latest. */
export type LedgerGrant = {
  id: string;
  gives: Gives;
  grantedAt: Date;
  /** The ledger's own order, which decides between grants of the same instant. */
  seq: number;
  undoneAt: Date | null;
  truncatedAt: Date | null;
};

/** The latest instant a Date holds stands for an end that nobody has decided yet. */
export const OPEN_END = new Date(8_640_000_000_000_000);

/** All intervals are UTC instants, the end exclusive. Segments are in order with a gap between them, parts without one. */
export type Coverage = {
  segments: { startsAt: Date; endsAt: Date; parts: { grantId: string; startsAt: Date; endsAt: Date }[] }[];
  /** The end of the last segment; null when nothing was ever covered. */
  endsAt: Date | null;
};

/** An unbroken stretch whose months are all counted from one anchor: it ends at anchor + term. */
type Run = { anchor: Date; term: Term; endsAt: Date };

const noTerm: Term = { months: 0, days: 0 };

/**
 * Computes what a subscription's grants cover. The input may be in any order. Undone grants count for nothing.
 *
 * - In the order (grantedAt, seq) a grant starts at max(grantedAt, end of the coverage before it). A grant given at the
 *   very instant where the coverage ends continues it.
 * - Terms: a run ends at anchor + the sum of its terms, months before days (`addTerm`). So the order of its grants does not
 *   move its end, and 31 January + 1 month + 1 month is 31 March. Each part is the grant's own calendar months as
 *   counted from the anchor, plus its own days of 24 hours.
 * - Until an instant: the part ends there. Time that was covered before is not stored up, because the end is decided
 *   elsewhere. A term given meanwhile waits, and starts at that end.
 * - Open-ended: the part ends at {@link OPEN_END}, or where the grant is truncated. A term given meanwhile waits until then.
 * - A truncated grant covers only what lies before that instant, and nothing if that is before its start.
 * - Where a part was cut, or ended at an instant decided elsewhere, the run ends but not the segment: the next grant
 *   starts there and counts its months from there, as if it were the first.
 *
 * Guarantees, proved in coverage.property.test.ts: a grant appended to the ledger moves no part before it. A term appended
 * makes the coverage longer, except while an open-ended grant runs. Taking a grant back costs no other grant any of its
 * term. A grant put into the past never shortens a ledger of untruncated months that share a time of day. Otherwise it may
 * make a later month count from another day, which moves the end by at most four days.
 *
 * @throws RangeError for a term or an instant that is none (see `addTerm`)
 */
export function foldCoverage(grants: readonly LedgerGrant[]): Coverage {
  const segments: Coverage["segments"] = [];
  let run: Run | undefined;

  for (const grant of inLedgerOrder(grants.filter(({ undoneAt }) => undoneAt === null))) {
    const joined = run && grant.grantedAt <= run.endsAt ? run : undefined;
    const startsAt = joined?.endsAt ?? grant.grantedAt;
    const whole = extend(joined ?? runFrom(startsAt), grant.gives);
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

const runFrom = (anchor: Date): Run => ({ anchor, term: noTerm, endsAt: anchor });

function extend(run: Run, gives: Gives): Run {
  switch (gives.kind) {
    case "open":
      return runFrom(OPEN_END);
    case "until":
      return runFrom(gives.at);
    case "term": {
      if (run.endsAt >= OPEN_END) return run;
      const term = sumTerms([run.term, gives]);
      return { anchor: run.anchor, term, endsAt: addTerm(run.anchor, term) };
    }
  }
}

const cut = (run: Run, at: Date | null): Run => (at && at < run.endsAt ? runFrom(at) : run);
