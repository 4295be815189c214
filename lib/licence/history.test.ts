import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldCoverage, OPEN_END, type Gives, type LedgerGrant } from "@/lib/licence/coverage";
import { historyOf, truncationOf, type AmendedGrant, type Amendment } from "@/lib/licence/history";

const DAY_MS = 86_400_000;
const day = (text: string) => new Date(`${text}T10:00:00Z`);
const year: Gives = { kind: "term", months: 12, days: 0 };

/** A grant as the ledger reads it. */
function line(
  seq: number,
  grantedAt: Date,
  {
    gives = year,
    undoneAt = null,
    amendments = [],
  }: Partial<Pick<LedgerGrant, "gives" | "undoneAt">> & { amendments?: Amendment[] } = {},
): AmendedGrant {
  const truncatedAt = truncationOf(amendments);
  return { grant: { id: `grant ${seq}`, seq, gives, grantedAt, undoneAt, truncatedAt }, amendments };
}

const told = (lines: AmendedGrant[]) =>
  historyOf(lines).map(({ grantId, what, days, endsAt }) => [
    grantId.at(-1),
    what,
    days,
    endsAt && endsAt < OPEN_END ? endsAt.toISOString().slice(0, 10) : endsAt && "open",
  ]);

describe("the history of a subscription", () => {
  it("tells what each event gave or took, and the end after it", () => {
    const withdrawn: Amendment[] = [
      { kind: "truncate", at: day("2027-03-01") },
      { kind: "restore", at: day("2027-04-10") },
    ];
    expect(
      told([
        line(0, day("2027-01-01"), { amendments: withdrawn }),
        line(1, day("2027-02-01"), { gives: { kind: "term", months: 1, days: 0 }, undoneAt: day("2027-02-02") }),
        line(2, day("2027-03-15"), { gives: { kind: "term", months: 0, days: 30 } }),
      ]),
    ).toEqual([
      ["0", "started", 365, "2028-01-01"],
      // January 2028 has 31 days.
      ["1", "extended", 31, "2028-02-01"],
      ["1", "undone", -31, "2028-01-01"],
      ["0", "withdrawn", -306, "2027-03-01"],
      ["2", "started", 30, "2027-04-14"],
      // The month counts from the first day of the first key again.
      ["0", "restored", 306, "2028-01-31"],
    ]);
  });

  it("has no end after the only activation was undone", () => {
    expect(told([line(0, day("2027-01-01"), { undoneAt: day("2027-01-02") })])).toEqual([
      ["0", "started", 365, "2028-01-01"],
      ["0", "undone", -365, null],
    ]);
  });

  it("takes no day by a withdrawal after the last one", () => {
    const late: Amendment[] = [{ kind: "truncate", at: day("2029-01-01") }];
    expect(told([line(0, day("2027-01-01"), { amendments: late })]).at(-1)).toEqual([
      "0",
      "withdrawn",
      0,
      "2028-01-01",
    ]);
  });

  it("counts the days of an open-ended grant once it has ended", () => {
    const ended: Amendment[] = [{ kind: "truncate", at: day("2027-02-10") }];
    expect(told([line(0, day("2027-01-01"), { gives: { kind: "open" }, amendments: ended })])).toEqual([
      ["0", "started", 0, "open"],
      ["0", "withdrawn", 40, "2027-02-10"],
    ]);
  });

  it("puts the undone activation before the kept key that starts at the same instant", () => {
    const at = day("2027-01-02");
    expect(told([line(0, day("2027-01-01"), { undoneAt: at }), line(1, at)]).map(([, what]) => what)).toEqual([
      "started",
      "undone",
      "started",
    ]);
  });

  it("of a lease that was suspended thousands of times is known at once", () => {
    const lines = Array.from({ length: 3_000 }, (_, seq) => {
      const at = new Date(day("2027-01-01").getTime() + seq * 60_000);
      const amendments: Amendment[] = [{ kind: "truncate", at: new Date(at.getTime() + 30_000) }];
      return line(seq, at, { gives: { kind: "open" }, amendments });
    });
    const began = performance.now();
    expect(historyOf(lines)).toHaveLength(6_000);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("puts a withdrawal after its activation, although another server's clock was behind", () => {
    const behind = new Date(day("2027-01-01").getTime() - 5);
    const amendments: Amendment[] = [{ kind: "truncate", at: behind }];
    expect(told([line(0, day("2027-01-01"), { amendments })])).toEqual([
      ["0", "started", 365, "2028-01-01"],
      ["0", "withdrawn", -365, null],
    ]);
  });
});

/** A ledger that is written event by event, at rising instants, as the portal writes it. */
type Deed = { wait: number; which: number; kind: "give" | "undo" | "amend"; months: number; days: number };

const deeds = fc.array(
  fc.record({
    wait: fc.integer({ min: 1, max: 200 * DAY_MS }),
    which: fc.nat({ max: 5 }),
    kind: fc.constantFrom("give" as const, "give" as const, "undo" as const, "amend" as const),
    months: fc.integer({ min: 1, max: 14 }),
    days: fc.integer({ min: 0, max: 40 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Every state of the ledger, one after each deed that changed it. */
function ledgersOf(done: readonly Deed[]): AmendedGrant[][] {
  let at = Date.parse("2026-01-31T13:14:15.016Z");
  const states: AmendedGrant[][] = [];
  let lines: AmendedGrant[] = [];
  for (const { wait, which, kind, months, days } of done) {
    at += wait;
    const now = new Date(at);
    const target = lines[which];
    if (kind === "give") lines = [...lines, line(lines.length, now, { gives: { kind: "term", months, days } })];
    else if (!target || target.grant.undoneAt) continue;
    else {
      const amendments: Amendment[] =
        kind === "undo"
          ? [...target.amendments]
          : [...target.amendments, { kind: target.grant.truncatedAt ? "restore" : "truncate", at: now }];
      const { seq, grantedAt, gives } = target.grant;
      const changed = line(seq, grantedAt, { gives, amendments, undoneAt: kind === "undo" ? now : null });
      lines = lines.map((one) => (one === target ? changed : one));
    }
    states.push(lines);
  }
  return states;
}

describe("for every ledger", () => {
  it("the last end is the end of the coverage, and the days add up to it", () => {
    fc.assert(
      fc.property(deeds, (done) => {
        const lines = ledgersOf(done).at(-1) ?? [];
        const history = historyOf(lines);
        const { endsAt, segments } = foldCoverage(lines.map(({ grant }) => grant));
        expect(history.at(-1)?.endsAt ?? null).toEqual(endsAt);
        const covered = segments.reduce(
          (sum, segment) => sum + segment.endsAt.getTime() - segment.startsAt.getTime(),
          0,
        );
        expect(history.reduce((sum, { days }) => sum + days, 0)).toBe(Math.round(covered / DAY_MS));
      }),
    );
  });

  it("an event adds one line and changes no earlier one", () => {
    fc.assert(
      fc.property(deeds, (done) => {
        let before: ReturnType<typeof historyOf> = [];
        for (const lines of ledgersOf(done)) {
          const history = historyOf(lines);
          expect(history).toHaveLength(before.length + 1);
          expect(history.slice(0, -1)).toEqual(before);
          before = history;
        }
      }),
    );
  });

  it("the rows may be read in any order", () => {
    fc.assert(
      fc.property(deeds, (done) => {
        const lines = ledgersOf(done).at(-1) ?? [];
        expect(historyOf(lines.toReversed())).toEqual(historyOf(lines));
      }),
    );
  });
});
