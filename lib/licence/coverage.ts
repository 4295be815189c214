import { dateFormat } from "@/lib/date-format";
import { addTerm, sumTerms, type Term } from "@/lib/licence/term";

/**
 * How long a grant covers once it starts. `term`: months and days. `until`: to an instant decided elsewhere (a lease, a
 * store's purchase). `open`: until somebody ends it.
 */
export type Gives = ({ kind: "term" } & Term) | { kind: "until"; at: Date } | { kind: "open" };

/** A ledger entry with its amendments applied. It covers nothing after `truncatedAt`. */
export type LedgerGrant = {
  id: string;
  gives: Gives;
  grantedAt: Date;
  /** The order in which grants were stored. It decides between grants given at the same instant. */
  seq: number;
  undoneAt: Date | null;
  truncatedAt: Date | null;
};

/**
 * The end of an open-ended grant: the last instant whose year has four digits. PostgreSQL does not parse later years as
 * `toISOString` writes them.
 */
export const OPEN_END = new Date("9999-12-31T23:59:59.999Z");

export type CoveredPart = { grantId: string; startsAt: Date; endsAt: Date };

/** Intervals of UTC instants, end-exclusive, in order. There are gaps between segments and none between their parts. */
export type Coverage = {
  segments: { startsAt: Date; endsAt: Date; parts: CoveredPart[] }[];
  /** The end of the last segment; null when nothing was ever covered. */
  endsAt: Date | null;
};

/** An unbroken period whose months are all counted from one anchor. It ends at anchor + term. */
export type Run = { anchor: Date; term: Term; endsAt: Date };

const noTerm: Term = { months: 0, days: 0 };

/**
 * Computes what a subscription's grants cover. The input may be in any order. Undone grants are ignored.
 *
 * - In the order (grantedAt, seq), a grant starts at max(grantedAt, end of the coverage before it). A grant given at
 *   the instant at which the coverage ends continues it.
 * - `term`: a run ends at its anchor + the sum of its terms, months before days (see {@link addTerm}). So the order of
 *   its grants does not move its end, and 31 January + 1 month + 1 month is 31 March. Each part has the grant's own
 *   calendar months, counted from the anchor, and its own days of 24 hours.
 * - `until`: the part ends at that instant. If other grants cover part of the time before it, the grant is not
 *   extended. A term given meanwhile starts at that instant.
 * - `open`: the part ends at {@link OPEN_END}, or where the grant is truncated. A term given meanwhile starts at that
 *   end.
 * - A truncated grant covers only the time before that instant, or nothing if it starts later.
 * - After a truncated part, or one that ended at an instant decided elsewhere, a new run begins in the same segment.
 *   The next grant starts there and counts its months from there.
 *
 * Guarantees, tested in coverage.property.test.ts:
 *
 * - A grant appended to the ledger moves no earlier part.
 * - An appended term makes the coverage longer, except while an open-ended grant runs.
 * - Undoing a grant shortens no other grant.
 * - A grant inserted in the past never shortens a ledger of untruncated months that share a time of day. In other
 *   ledgers a later month may count from another day, which moves the end by at most four days.
 *
 * @throws RangeError when a term is negative or not whole, or when an instant is not a valid Date
 */
export function foldCoverage(grants: readonly LedgerGrant[]): Coverage {
  const segments: Coverage["segments"] = [];
  let run: Run | undefined;

  for (const grant of grants.filter(({ undoneAt }) => undoneAt === null).toSorted(inLedgerOrder)) {
    const { part, joins, run: after } = cover(run, grant);
    run = after;
    if (!part) continue;
    const segment = joins && segments.at(-1);
    if (segment) {
      segment.parts.push(part);
      segment.endsAt = part.endsAt;
    } else segments.push({ startsAt: part.startsAt, endsAt: part.endsAt, parts: [part] });
  }
  return { segments, endsAt: run?.endsAt ?? null };
}

/**
 * One step of {@link foldCoverage}: what a standing grant covers after those before it.
 * @param run where those before it lead; undefined: they cover nothing
 * @returns `part`: null when it covers nothing; it leaves no trace then: no segment, no anchor. `joins`: whether it
 * continues the segment before.
 */
export function cover(
  run: Run | undefined,
  grant: LedgerGrant,
): { part: CoveredPart | null; joins: boolean; run: Run | undefined } {
  const joined = run && grant.grantedAt <= run.endsAt ? run : undefined;
  const startsAt = joined?.endsAt ?? grant.grantedAt;
  const whole = extend(joined ?? runFrom(startsAt), grant.gives);
  const given = cut(whole, grant.truncatedAt);
  if (given.endsAt <= startsAt) return { part: null, joins: false, run };
  return { part: { grantId: grant.id, startsAt, endsAt: given.endsAt }, joins: joined !== undefined, run: given };
}

/**
 * Counts the calendar days from today to the last covered day, in an IANA time zone: 0 on that day and after it, 1 on
 * the day before. `end` is exclusive, so the last day of an end at midnight is the day before.
 * @throws RangeError for an unknown zone
 */
export const daysLeft = (end: Date, now: Date, timeZone: string): number =>
  Math.max(0, daysBetween(now, new Date(end.getTime() - 1), timeZone));

/**
 * Counts the calendar days from `from` to `to` in an IANA time zone. A day with a clock change is one day. Negative
 * when `to` is on an earlier day.
 * @throws RangeError for an unknown zone
 */
export function daysBetween(from: Date, to: Date, timeZone: string): number {
  const calendar = dateFormat("en-US", { timeZone, year: "numeric", month: "numeric", day: "numeric" });
  const dayNumber = (at: Date) => {
    const fields = new Map(calendar.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(fields.get("year") ?? NaN, (fields.get("month") ?? NaN) - 1, fields.get("day")) / 86_400_000;
  };
  return dayNumber(to) - dayNumber(from);
}

/** Compares grants for sorting. */
export const inLedgerOrder = (a: LedgerGrant, b: LedgerGrant): number =>
  a.grantedAt.getTime() - b.grantedAt.getTime() || a.seq - b.seq;

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
