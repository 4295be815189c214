import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysBetween, daysLeft, foldCoverage, OPEN_END, type Coverage, type LedgerGrant } from "@/lib/licence/coverage";
import { dayAfter, dayOf, liveThrough } from "@/lib/testing/coverage-oracle";
import { addTerm, sumTerms, type Term } from "@/lib/licence/term";

const DAY_MS = 86_400_000;
/** Two years before 29 February 2028, so that ledgers cross it. */
const EPOCH = Date.UTC(2026, 1, 1);

/** Days close together, days far apart, and days on which months are clamped. */
const midnight = fc
  .oneof(
    fc.integer({ min: 0, max: 70 }),
    fc.integer({ min: 0, max: 1500 }),
    fc.constantFrom("2026-02-28", "2027-01-29", "2027-01-30", "2027-01-31", "2028-01-31", "2028-02-29", "2027-08-31"),
  )
  .map((day) => (typeof day === "string" ? Date.parse(day) : EPOCH + day * DAY_MS));
const anyTime = fc.tuple(midnight, fc.integer({ min: 0, max: DAY_MS - 1 })).map(([day, time]) => day + time);

const monthsOnly: fc.Arbitrary<Term> = fc.record({ months: fc.integer({ min: 1, max: 26 }), days: fc.constant(0) });
const anyTerm: fc.Arbitrary<Term> = fc.oneof(
  monthsOnly,
  fc.record({ months: fc.constant(0), days: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ months: fc.integer({ min: 0, max: 14 }), days: fc.integer({ min: 1, max: 40 }) }),
);

/** An instant, one time in five. */
const maybe = (at: fc.Arbitrary<number>) =>
  fc.option(
    at.map((ms) => new Date(ms)),
    { freq: 4 },
  );
const never = fc.constant(null);

const ledgers = (
  at: fc.Arbitrary<number>,
  term: fc.Arbitrary<Term>,
  {
    undone = maybe(at),
    truncated = maybe(at),
  }: { undone?: fc.Arbitrary<Date | null>; truncated?: fc.Arbitrary<Date | null> } = {},
  minLength = 0,
): fc.Arbitrary<LedgerGrant[]> =>
  fc
    .array(fc.record({ at, term, undoneAt: undone, truncatedAt: truncated }), { minLength, maxLength: 6 })
    .map((lines) =>
      lines.map(({ at, term, ...amendments }, index) => ({
        id: `grant ${index}`,
        grantedAt: new Date(at),
        seq: index,
        gives: { kind: "term", ...term } as const,
        ...amendments,
      })),
    );

const untouched = { undone: never, truncated: never };
const anyLedger = ledgers(anyTime, anyTerm);

const partsOf = (coverage: Coverage) => coverage.segments.flatMap(({ parts }) => parts);
const lengthOf = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) => endsAt.getTime() - startsAt.getTime();
const endOf = (grants: readonly LedgerGrant[]) => foldCoverage(grants).endsAt?.getTime() ?? Number.NEGATIVE_INFINITY;
const byId = (grants: readonly LedgerGrant[], id: string) => grants.find((grant) => grant.id === id) as LedgerGrant;
const isCut = (grant: LedgerGrant, part: { endsAt: Date }) => grant.truncatedAt?.getTime() === part.endsAt.getTime();

const holds = <T>(ledger: fc.Arbitrary<T>, predicate: (ledger: T) => void, numRuns = 1000) =>
  fc.assert(fc.property(ledger, predicate), { numRuns });

describe("coverage, compared with a day-by-day calendar", () => {
  it("spends each day from the same grant", () => {
    holds(
      ledgers(midnight, anyTerm),
      (grants) => {
        const spent = new Map<string, string>();
        for (const { grantId, startsAt, endsAt } of partsOf(foldCoverage(grants))) {
          for (let day = dayOf(startsAt); day < dayOf(endsAt); day = dayAfter(day)) {
            expect(spent.has(day), `${day} is covered once`).toBe(false);
            spent.set(day, grantId);
          }
        }
        expect(spent).toEqual(liveThrough(grants));
      },
      500,
    );
  });

  it("does not depend on the time of day", () => {
    holds(fc.tuple(ledgers(midnight, anyTerm), fc.integer({ min: 0, max: DAY_MS - 1 })), ([grants, time]) => {
      const later = (at: Date) => new Date(at.getTime() + time);
      const moved = grants.map((grant) => ({
        ...grant,
        grantedAt: later(grant.grantedAt),
        truncatedAt: grant.truncatedAt && later(grant.truncatedAt),
      }));
      const expected = partsOf(foldCoverage(grants)).map((part) => ({
        ...part,
        startsAt: later(part.startsAt),
        endsAt: later(part.endsAt),
      }));
      expect(partsOf(foldCoverage(moved))).toEqual(expected);
    });
  });
});

describe("no day is lost", () => {
  it("an unbroken stretch is exactly as long as the sum of its terms", () => {
    holds(ledgers(anyTime, anyTerm, { truncated: never }), (grants) => {
      for (const { startsAt, endsAt, parts } of foldCoverage(grants).segments) {
        const given = sumTerms(parts.map(({ grantId }) => termOf(byId(grants, grantId))));
        expect(endsAt).toEqual(addTerm(startsAt, given));
      }
    });
  });

  it("every live grant has exactly one part; only one cut before its start has none", () => {
    holds(anyLedger, (grants) => {
      const ids = partsOf(foldCoverage(grants)).map(({ grantId }) => grantId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, undoneAt, truncatedAt } of grants) {
        if (undoneAt) expect(ids).not.toContain(id);
        else if (!truncatedAt) expect(ids).toContain(id);
      }
    });
  });

  it("a year is never fewer than 365 days, a month never fewer than 28, a day is 24 hours", () => {
    holds(anyLedger, (grants) => {
      for (const part of partsOf(foldCoverage(grants))) {
        const grant = byId(grants, part.grantId);
        if (isCut(grant, part)) continue;
        const { months, days } = termOf(grant);
        const years = Math.floor(months / 12);
        const inMonths = lengthOf(part) / DAY_MS - days;
        expect(inMonths).toBeGreaterThanOrEqual(365 * years + 28 * (months % 12));
        expect(inMonths).toBeLessThanOrEqual(366 * years + 31 * (months % 12));
      }
    });
  });

  it("a part starts when it was granted or when the previous coverage ends, whichever is later", () => {
    holds(anyLedger, (grants) => {
      let before = Number.NEGATIVE_INFINITY;
      for (const part of partsOf(foldCoverage(grants))) {
        expect(part.startsAt.getTime()).toBe(Math.max(before, byId(grants, part.grantId).grantedAt.getTime()));
        expect(lengthOf(part)).toBeGreaterThan(0);
        before = part.endsAt.getTime();
      }
    });
  });

  it("segments have gaps between them, their parts have none, and the last one's end is the coverage's", () => {
    holds(anyLedger, (grants) => {
      const { segments, endsAt } = foldCoverage(grants);
      for (const [index, segment] of segments.entries()) {
        expect(segment.parts[0]?.startsAt).toEqual(segment.startsAt);
        expect(segment.parts.at(-1)?.endsAt).toEqual(segment.endsAt);
        segment.parts.slice(1).forEach((part, at) => expect(part.startsAt).toEqual(segment.parts[at]?.endsAt));
        const previous = segments[index - 1];
        if (previous) expect(segment.startsAt.getTime()).toBeGreaterThan(previous.endsAt.getTime());
      }
      expect(endsAt).toEqual(segments.at(-1)?.endsAt ?? null);
    });
  });
});

describe("order does not matter", () => {
  it("the rows may be read in any order", () => {
    const shuffled = anyLedger.chain((grants) =>
      fc.tuple(fc.constant(grants), fc.shuffledSubarray(grants, { minLength: grants.length })),
    );
    holds(shuffled, ([grants, inAnotherOrder]) => {
      expect(foldCoverage(inAnotherOrder)).toEqual(foldCoverage(grants));
    });
  });

  it("the terms of an unbroken stretch may be given in any order and end the same", () => {
    const within28Days = fc
      .integer({ min: 0, max: 28 * DAY_MS })
      .map((ms) => Date.parse("2027-01-31T13:14:15.016Z") + ms);
    const term = fc.record({ months: fc.integer({ min: 1, max: 14 }), days: fc.integer({ min: 0, max: 40 }) });
    const permuted = ledgers(within28Days, term, untouched, 1).chain((grants) =>
      fc.tuple(fc.constant(grants), fc.shuffledSubarray(grants, { minLength: grants.length })),
    );
    holds(permuted, ([grants, order]) => {
      const exchanged = grants.map((grant, index) => ({ ...grant, gives: (order[index] as LedgerGrant).gives }));
      expect(foldCoverage(grants).segments).toHaveLength(1);
      expect(foldCoverage(exchanged).endsAt).toEqual(foldCoverage(grants).endsAt);
    });
  });
});

describe("a new grant takes nothing away", () => {
  it("a later grant changes no earlier part and extends the coverage", () => {
    holds(
      fc.tuple(ledgers(anyTime, anyTerm, {}, 1), anyTerm, fc.nat({ max: 900 * DAY_MS })),
      ([grants, term, wait]) => {
        const grantedAt = new Date(Math.max(...grants.map((grant) => grant.grantedAt.getTime())) + wait);
        const last = grantOf("last", { kind: "term", ...term }, grantedAt, 99);
        expect(partsOf(foldCoverage([...grants, last])).slice(0, -1)).toEqual(partsOf(foldCoverage(grants)));
        expect(endOf([...grants, last])).toBeGreaterThan(endOf(grants));
      },
    );
  });

  it("in a ledger of months no grant, whenever it was given, uncovers a moment", () => {
    holds(ledgers(midnight, monthsOnly, untouched, 1), ([extra, ...grants]) => {
      const more = foldCoverage([extra as LedgerGrant, ...grants]).segments;
      for (const { startsAt, endsAt } of foldCoverage(grants).segments) {
        expect(more.some((segment) => segment.startsAt <= startsAt && endsAt <= segment.endsAt)).toBe(true);
      }
    });
  });

  it("in any ledger a backdated grant moves the end forward by no more than four days", () => {
    holds(ledgers(anyTime, anyTerm, {}, 1), ([extra, ...grants]) => {
      expect(endOf([{ ...(extra as LedgerGrant), undoneAt: null }, ...grants])).toBeGreaterThanOrEqual(
        endOf(grants) - 4 * DAY_MS,
      );
    });
  });
});

describe("undoing a grant leaves the days of the others", () => {
  it("undoing one grant leaves the others what they would have without it, none later than before", () => {
    holds(ledgers(midnight, monthsOnly, untouched, 1), (grants) => {
      const [undone, ...others] = grants as [LedgerGrant, ...LedgerGrant[]];
      const after = partsOf(foldCoverage([{ ...undone, undoneAt: new Date(EPOCH) }, ...others]));
      expect(after).toEqual(partsOf(foldCoverage(others)));
      for (const before of partsOf(foldCoverage(grants)).filter(({ grantId }) => grantId !== undone.id)) {
        const moved = after.find(({ grantId }) => grantId === before.grantId);
        expect(moved?.startsAt.getTime()).toBeLessThanOrEqual(before.startsAt.getTime());
      }
    });
  });

  it("a truncation ends its part at the cut, changes nothing earlier, and has no effect after the part's end", () => {
    holds(fc.tuple(ledgers(anyTime, anyTerm, {}, 1), fc.nat({ max: 5 }), anyTime), ([ledger, pick, cut]) => {
      const index = pick % ledger.length;
      const grants = ledger.map((grant, at) =>
        at === index ? { ...grant, undoneAt: null, truncatedAt: null } : grant,
      );
      const { id } = grants[index] as LedgerGrant;
      const truncated = grants.map((grant) => (grant.id === id ? { ...grant, truncatedAt: new Date(cut) } : grant));
      const before = partsOf(foldCoverage(grants));
      const after = partsOf(foldCoverage(truncated));
      const at = before.findIndex(({ grantId }) => grantId === id);
      const whole = before[at] as Coverage["segments"][number]["parts"][number];

      expect(after.slice(0, at)).toEqual(before.slice(0, at));
      if (cut >= whole.endsAt.getTime()) expect(after).toEqual(before);
      else if (cut <= whole.startsAt.getTime()) expect(after.some(({ grantId }) => grantId === id)).toBe(false);
      else expect(after[at]).toEqual({ ...whole, endsAt: new Date(cut) });
    });
  });
});

describe("grants whose end is decided elsewhere", () => {
  const gives: fc.Arbitrary<LedgerGrant["gives"]> = fc.oneof(
    anyTerm.map((term) => ({ kind: "term" as const, ...term })),
    anyTime.map((at) => ({ kind: "until" as const, at: new Date(at) })),
    fc.constant({ kind: "open" as const }),
  );
  const mixed = fc
    .array(fc.record({ at: anyTime, gives, undoneAt: maybe(anyTime), truncatedAt: maybe(anyTime) }), { maxLength: 7 })
    .map((lines) =>
      lines.map(({ at, gives, ...amendments }, seq) => ({
        ...grantOf(`grant ${seq}`, gives, new Date(at), seq),
        ...amendments,
      })),
    );
  const covers = (grants: readonly LedgerGrant[], at: number) =>
    foldCoverage(grants).segments.some(({ startsAt, endsAt }) => startsAt.getTime() <= at && at < endsAt.getTime());

  it("cover every moment from their grant to their end, whatever other grants there are", () => {
    holds(fc.tuple(mixed, anyTime), ([grants, at]) => {
      for (const { gives, grantedAt, undoneAt, truncatedAt } of grants) {
        if (undoneAt || truncatedAt || gives.kind === "term" || at < grantedAt.getTime()) continue;
        if (gives.kind === "open" || at < gives.at.getTime()) expect(covers(grants, at)).toBe(true);
      }
    });
  });

  it("never shorten a term, which has its whole length or waits for an open-ended grant", () => {
    holds(mixed, (grants) => {
      const coverage = foldCoverage(grants);
      for (const grant of grants) {
        if (grant.gives.kind !== "term" || grant.undoneAt || grant.truncatedAt) continue;
        const part = partsOf(coverage).find(({ grantId }) => grantId === grant.id);
        if (!part) expect(coverage.endsAt).toEqual(OPEN_END);
        else expect(lengthOf(part)).toBeGreaterThanOrEqual((28 * grant.gives.months + grant.gives.days) * DAY_MS);
      }
    });
  });

  it("start a waiting term the moment an open-ended grant is ended", () => {
    holds(fc.tuple(anyTime, fc.nat({ max: 500 * DAY_MS }), anyTerm), ([start, length, term]) => {
      const end = new Date(start + length + 1);
      const open = grantOf("open", { kind: "open" }, new Date(start), 0);
      const waiting = grantOf("term", { kind: "term", ...term }, new Date(start), 1);
      expect(partsOf(foldCoverage([open, waiting]))).toHaveLength(1);
      const ended = partsOf(foldCoverage([{ ...open, truncatedAt: end }, waiting]));
      expect(ended.at(-1)).toEqual({ grantId: "term", startsAt: end, endsAt: addTerm(end, term) });
    });
  });

  it("move the start of a following term with their end", () => {
    holds(fc.tuple(anyTime, fc.integer({ min: 1, max: 500 * DAY_MS }), anyTerm), ([start, length, term]) => {
      const end = new Date(start + length);
      const lease = grantOf("lease", { kind: "until", at: end }, new Date(start), 0);
      const after = grantOf("term", { kind: "term", ...term }, new Date(start), 1);
      expect(foldCoverage([lease, after]).endsAt).toEqual(addTerm(end, term));
    });
  });
});

describe("days counted in a zone", () => {
  const zone = fc.constantFrom(
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
  );
  const localDay = (ms: number, timeZone: string) => new Date(ms).toLocaleDateString("sv-SE", { timeZone });

  it("match a calendar there across every clock change", () => {
    holds(
      fc.tuple(anyTime, fc.nat({ max: 800 * DAY_MS }), zone),
      ([from, length, timeZone]) => {
        const last = localDay(from + length, timeZone);
        let torn = 0;
        for (let day = localDay(from, timeZone); day < last; day = dayAfter(day)) torn += 1;
        expect(daysBetween(new Date(from), new Date(from + length), timeZone)).toBe(torn);
        expect(daysBetween(new Date(from + length), new Date(from), timeZone)).toBe(0 - torn);
      },
      300,
    );
  });

  it("reach zero on the last day that is covered at all", () => {
    holds(fc.tuple(anyTime, fc.nat({ max: 3 * DAY_MS }), zone), ([now, length, timeZone]) => {
      const lastDay = localDay(now + length - 1, timeZone);
      const left = daysLeft(new Date(now + length), new Date(now), timeZone);
      expect(left === 0).toBe(length === 0 || localDay(now, timeZone) === lastDay);
    });
  });
});

function termOf({ gives }: LedgerGrant): Term {
  if (gives.kind !== "term") throw new Error("not a term");
  return { months: gives.months, days: gives.days };
}

function grantOf(id: string, gives: LedgerGrant["gives"], grantedAt: Date, seq: number): LedgerGrant {
  return { id, gives, grantedAt, seq, undoneAt: null, truncatedAt: null };
}
