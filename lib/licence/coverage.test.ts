import { describe, expect, it } from "vitest";
import { daysBetween, daysLeft, foldCoverage, type LedgerGrant } from "@/lib/licence/coverage";

const utc = (iso: string) => new Date(iso.length === 10 ? `${iso}T00:00:00.000Z` : iso);

type Line = { at: string; months?: number; days?: number; undone?: string; truncated?: string };

/** Grants named A, B, C … in the ledger's order. */
const ledger = (...lines: Line[]): LedgerGrant[] =>
  lines.map(({ at, months = 0, days = 0, undone, truncated }, index) => ({
    id: String.fromCharCode(65 + index),
    grantedAt: utc(at),
    seq: index + 1,
    gives: { kind: "term", months, days },
    undoneAt: undone ? utc(undone) : null,
    truncatedAt: truncated ? utc(truncated) : null,
  }));

/** Writes `A 2027-01-31..2027-02-28 B …`, with a bar at a gap and a time of day only where there is one. */
const shown = (grants: readonly LedgerGrant[]): string => {
  const day = (at: Date) => at.toISOString().replace("T00:00:00.000Z", "");
  return foldCoverage(grants)
    .segments.map(({ parts }) =>
      parts.map(({ grantId, startsAt, endsAt }) => `${grantId} ${day(startsAt)}..${day(endsAt)}`).join(" "),
    )
    .join(" | ");
};

const year: Line = { at: "2027-01-31", months: 12 };

describe("what grants cover", () => {
  it.each<[string, Line[], string]>([
    ["one grant covers its term from the time it was granted", [year], "A 2027-01-31..2028-01-31"],
    [
      "a grant given while another runs starts at that one's end",
      [year, { at: "2027-06-15", months: 12 }],
      "A 2027-01-31..2028-01-31 B 2028-01-31..2029-01-31",
    ],
    [
      "31 January + 1 month + 1 month is 31 March",
      [
        { at: "2027-01-31", months: 1 },
        { at: "2027-02-10", months: 1 },
      ],
      "A 2027-01-31..2027-02-28 B 2027-02-28..2027-03-31",
    ],
    [
      "a second grant given at the instant the first ends continues the run",
      [
        { at: "2027-01-31", months: 1 },
        { at: "2027-02-28", months: 1 },
      ],
      "A 2027-01-31..2027-02-28 B 2027-02-28..2027-03-31",
    ],
    [
      "a second grant given a millisecond after the end starts a new run after a gap",
      [
        { at: "2027-01-31", months: 1 },
        { at: "2027-02-28T00:00:00.001Z", months: 1 },
      ],
      "A 2027-01-31..2027-02-28 | B 2027-02-28T00:00:00.001Z..2027-03-28T00:00:00.001Z",
    ],
    [
      "a grant given long after the end starts a new run on its own day",
      [year, { at: "2030-05-05", months: 1 }],
      "A 2027-01-31..2028-01-31 | B 2030-05-05..2030-06-05",
    ],
    [
      "29 February comes back every four years in one run",
      [
        { at: "2028-02-29", months: 36 },
        { at: "2028-03-01", months: 12 },
      ],
      "A 2028-02-29..2031-02-28 B 2031-02-28..2032-02-29",
    ],
    [
      "months are counted before days, whichever was given first",
      [
        { at: "2027-01-31", days: 10 },
        { at: "2027-01-31", months: 1 },
        { at: "2027-01-31", days: 5 },
      ],
      "A 2027-01-31..2027-02-10 B 2027-02-10..2027-03-10 C 2027-03-10..2027-03-15",
    ],
    [
      "an undone grant gives nothing, and the next one moves up",
      [
        { ...year, undone: "2027-01-31T12:00:00.000Z" },
        { at: "2027-01-31T06:00:00.000Z", months: 12 },
      ],
      "B 2027-01-31T06:00:00.000Z..2028-01-31T06:00:00.000Z",
    ],
    [
      "undoing the one in the middle leaves both others their year",
      [year, { at: "2027-02-01", months: 12, undone: "2027-02-01" }, { at: "2027-02-02", months: 12 }],
      "A 2027-01-31..2028-01-31 C 2028-01-31..2029-01-31",
    ],
    ["no grants cover nothing", [], ""],
    ["undone grants alone cover nothing", [{ ...year, undone: "2027-02-01" }], ""],
    [
      "a grant of zero length has no effect, not even as an anchor",
      [{ at: "2027-01-31" }, { at: "2027-02-01", months: 1 }],
      "B 2027-02-01..2027-03-01",
    ],
  ])("%s", (_guarantee, lines, expected) => {
    expect(shown(ledger(...lines))).toBe(expected);
  });

  it("orders grants of one instant by the ledger, however they are read", () => {
    const grants = ledger(
      { at: "2027-01-31", months: 1 },
      { at: "2027-01-31", months: 2 },
      { at: "2027-01-30", days: 1 },
    );
    const expected = "C 2027-01-30..2027-01-31 A 2027-01-31..2027-03-01 B 2027-03-01..2027-05-01";
    expect(shown(grants)).toBe(expected);
    expect(shown(grants.toReversed())).toBe(expected);
  });

  it("ends with the last segment, or has no end when nothing was covered", () => {
    expect(foldCoverage(ledger(year, { at: "2030-05-05", months: 1 })).endsAt).toEqual(utc("2030-06-05"));
    expect(foldCoverage([]).endsAt).toBeNull();
  });
});

describe("a truncated grant", () => {
  const next: Line = { at: "2027-02-10", months: 1 };

  it.each<[string, Line[], string]>([
    ["covers what lies before the cut", [{ ...year, truncated: "2027-03-10" }], "A 2027-01-31..2027-03-10"],
    [
      "starts the next one at the cut and counts its months from there",
      [{ ...year, truncated: "2027-03-10" }, next, next],
      "A 2027-01-31..2027-03-10 B 2027-03-10..2027-04-10 C 2027-04-10..2027-05-10",
    ],
    [
      "can be replaced at once by a grant that lasts as long as a first one",
      [
        { at: "2027-02-01", months: 12, truncated: "2027-03-01" },
        { at: "2027-03-01", months: 1 },
      ],
      "A 2027-02-01..2027-03-01 B 2027-03-01..2027-04-01",
    ],
    [
      "gives nothing when the cut lies before its start, and the run stays as it was",
      [
        { at: "2027-01-31", months: 1 },
        { at: "2027-02-01", months: 12, truncated: "2027-02-15" },
        { at: "2027-02-02", months: 1 },
      ],
      "A 2027-01-31..2027-02-28 C 2027-02-28..2027-03-31",
    ],
    [
      "gives nothing when the cut lies exactly at its start",
      [
        { at: "2027-01-31", months: 1 },
        { at: "2027-02-01", months: 12, truncated: "2027-02-28" },
      ],
      "A 2027-01-31..2027-02-28",
    ],
    [
      "is whole when the cut lies at its end",
      [{ ...year, truncated: "2028-01-31" }, next],
      "A 2027-01-31..2028-01-31 B 2028-01-31..2028-02-29",
    ],
    [
      "is whole when the cut lies after its end",
      [{ ...year, truncated: "2029-01-01" }, next],
      "A 2027-01-31..2028-01-31 B 2028-01-31..2028-02-29",
    ],
    [
      "leaves a gap when the next one was given only after the cut",
      [{ ...year, truncated: "2027-02-05" }, next],
      "A 2027-01-31..2027-02-05 | B 2027-02-10..2027-03-10",
    ],
    [
      "does not touch what was covered before it",
      [
        { at: "2027-01-31", months: 1 },
        { at: "2027-02-01", months: 12, truncated: "2027-06-01" },
        { at: "2027-02-02", months: 1 },
      ],
      "A 2027-01-31..2027-02-28 B 2027-02-28..2027-06-01 C 2027-06-01..2027-07-01",
    ],
    [
      "gives nothing when it was also undone",
      [{ ...year, truncated: "2027-03-10", undone: "2027-03-11" }, next],
      "B 2027-02-10..2027-03-10",
    ],
  ])("%s", (_guarantee, lines, expected) => {
    expect(shown(ledger(...lines))).toBe(expected);
  });
});

describe("days as a person counts them", () => {
  it.each([
    ["2027-03-27T23:30:00.000Z", "2027-03-28T22:30:00.000Z", "Europe/Paris", 1, "the day of 23 hours is one day"],
    ["2027-10-30T22:30:00.000Z", "2027-10-31T22:59:00.000Z", "Europe/Paris", 0, "the day of 25 hours is one day"],
    [
      "2027-03-27T22:30:00.000Z",
      "2027-03-27T23:30:00.000Z",
      "Europe/Paris",
      1,
      "midnight lies between, one hour apart",
    ],
    ["2027-03-27T22:30:00.000Z", "2027-03-27T23:30:00.000Z", "UTC", 0, "the same two instants elsewhere"],
    ["2011-12-30T09:00:00.000Z", "2011-12-30T11:00:00.000Z", "Pacific/Apia", 2, "Samoa left 30 December 2011 out"],
    ["2028-02-28", "2028-03-01", "UTC", 2, "29 February counts"],
    ["2027-03-01", "2027-02-27", "UTC", -2, "backwards is negative"],
    ["2026-11-30T10:00:00.000Z", "2028-11-30T10:00:00.000Z", "Europe/Paris", 731, "two years with a leap day"],
  ])("from %s to %s in %s: %i, %s", (from, to, timeZone, days) => {
    expect(daysBetween(utc(from), utc(to), timeZone)).toBe(days);
  });

  it.each([
    ["2027-11-24T10:00:00.000Z", "2027-11-23T23:30:00.000Z", "Europe/Paris", 0, "it ends today"],
    ["2027-11-24T10:00:00.000Z", "2027-11-23T22:30:00.000Z", "Europe/Paris", 1, "it ends tomorrow, one hour earlier"],
    [
      "2027-11-23T23:00:00.000Z",
      "2027-11-23T12:00:00.000Z",
      "Europe/Paris",
      0,
      "an end at midnight has its last day before",
    ],
    [
      "2027-11-23T23:00:00.000Z",
      "2027-11-23T12:00:00.000Z",
      "Europe/London",
      0,
      "and an end at 23:00 on that day itself",
    ],
    [
      "2027-11-23T23:00:00.001Z",
      "2027-11-23T12:00:00.000Z",
      "Europe/Paris",
      1,
      "a moment after midnight is the next day",
    ],
    ["2027-11-24T10:00:00.000Z", "2027-11-24T10:00:00.000Z", "UTC", 0, "over is over"],
    ["2027-11-24T10:00:00.000Z", "2028-05-01T00:00:00.000Z", "UTC", 0, "never below zero"],
    ["2028-11-30T10:00:00.000Z", "2026-11-30T10:00:00.000Z", "Europe/Paris", 731, "two years from today"],
  ])("until %s, seen at %s in %s: %i, %s", (end, now, timeZone, days) => {
    expect(daysLeft(utc(end), utc(now), timeZone)).toBe(days);
  });

  it("refuses a zone that does not exist", () => {
    expect(() => daysBetween(utc("2027-01-01"), utc("2027-01-02"), "Mars/Phobos")).toThrow(RangeError);
  });
});
