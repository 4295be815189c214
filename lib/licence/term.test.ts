import { describe, expect, it, vi } from "vitest";
import { addTerm, ceilingFrom, sumTerms, TERM_CEILING_YEARS, withinCeilingFrom } from "@/lib/licence/term";

const utc = (iso: string) => new Date(iso.length === 10 ? `${iso}T00:00:00.000Z` : iso);

describe("a term from an anchor", () => {
  it.each([
    ["2027-01-31", 1, 0, "2027-02-28", "31 January + 1 month is the end of February"],
    ["2027-01-31", 2, 0, "2027-03-31", "31 January + 2 months is 31 March, not 28 March"],
    ["2027-01-31", 3, 0, "2027-04-30", "31 January + 3 months is the end of April"],
    ["2028-01-31", 1, 0, "2028-02-29", "in a leap year the end of February is the 29th"],
    ["2028-02-29", 12, 0, "2029-02-28", "a year from 29 February"],
    ["2028-02-29", 48, 0, "2032-02-29", "four years from 29 February"],
    ["2096-02-29", 48, 0, "2100-02-28", "2100 is no leap year"],
    ["1996-02-29", 48, 0, "2000-02-29", "2000 was one"],
    ["2027-02-28", 12, 0, "2028-02-28", "28 February stays the 28th in a leap year"],
    ["2027-12-31", 2, 0, "2028-02-29", "over the year's end"],
    ["2026-11-30", 24, 0, "2028-11-30", "two years"],
    ["2027-01-31", 1, 1, "2027-03-01", "days come after months"],
    ["2027-02-27", 0, 3, "2027-03-02", "days alone"],
    ["2027-06-15", 0, 0, "2027-06-15", "nothing"],
    ["2027-01-31T22:30:15.123Z", 1, 2, "2027-03-02T22:30:15.123Z", "the time of day stays to the millisecond"],
    ["0099-12-31", 2, 0, "0100-02-28", "first-century years are not read as 19xx"],
  ])("%s + %i months + %i days = %s: %s", (anchor, months, days, end) => {
    expect(addTerm(utc(anchor), { months, days })).toEqual(utc(end));
  });

  it("leaves its anchor as it was", () => {
    const anchor = utc("2027-01-31");
    addTerm(anchor, { months: 1, days: 1 });
    expect(anchor).toEqual(utc("2027-01-31"));
  });

  it.each(["UTC", "Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "Pacific/Kiritimati", "Australia/Lord_Howe"])(
    "is the same on a server in %s, also over clock changes",
    (zone) => {
      vi.stubEnv("TZ", zone);
      try {
        expect(addTerm(utc("2027-01-31T23:30:00.000Z"), { months: 2, days: 0 })).toEqual(
          utc("2027-03-31T23:30:00.000Z"),
        );
        expect(addTerm(utc("2027-03-28T00:30:00.000Z"), { months: 0, days: 1 })).toEqual(
          utc("2027-03-29T00:30:00.000Z"),
        );
        expect(addTerm(utc("2027-10-31T00:30:00.000Z"), { months: 12, days: 1 })).toEqual(
          utc("2028-11-01T00:30:00.000Z"),
        );
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  it.each([
    { months: -1, days: 0 },
    { months: 0, days: -1 },
    { months: 1.5, days: 0 },
    { months: 0, days: Number.NaN },
    { months: Number.POSITIVE_INFINITY, days: 0 },
  ])("refuses what is no term: %o", (term) => {
    expect(() => addTerm(utc("2027-01-01"), term)).toThrow(RangeError);
    expect(() => sumTerms([{ months: 1, days: 0 }, term])).toThrow(RangeError);
  });

  it("refuses an anchor or an end that is no date instead of passing it on", () => {
    expect(() => addTerm(new Date(Number.NaN), { months: 1, days: 0 })).toThrow(RangeError);
    expect(() => addTerm(utc("2027-01-01"), { months: 12 * 300_000, days: 0 })).toThrow(RangeError);
  });
});

it("sums months with months and days with days", () => {
  const terms = [
    { months: 12, days: 3 },
    { months: 1, days: 30 },
  ];
  expect(sumTerms(terms)).toEqual({ months: 13, days: 33 });
  expect(sumTerms([])).toEqual({ months: 0, days: 0 });
});

it("reaches five calendar years from now at most", () => {
  expect(TERM_CEILING_YEARS).toBe(5);
  expect(ceilingFrom(utc("2026-11-30T10:15:00.000Z"))).toEqual(utc("2031-11-30T10:15:00.000Z"));
  expect(ceilingFrom(utc("2028-02-29"))).toEqual(utc("2033-02-28"));
});

it("lets a refused end in from the very instant it lies within the ceiling, and not before", () => {
  for (const end of ["2032-11-23T14:05:00.000Z", "2032-02-29", "2033-02-28", "2033-03-01"].map(utc)) {
    const from = withinCeilingFrom(end);
    expect(ceilingFrom(from) >= end).toBe(true);
    expect(ceilingFrom(new Date(from.getTime() - 1)) < end).toBe(true);
  }
});
