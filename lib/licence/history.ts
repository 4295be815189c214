import { cover, inLedgerOrder, OPEN_END, type CoveredPart, type LedgerGrant, type Run } from "@/lib/licence/coverage";

/** A later change to a grant. `truncate`: it gives nothing after `at`. `restore`: it gives all of its term again. */
export type Amendment = { kind: "truncate" | "restore"; at: Date };

/** A grant with its amendments, in the order in which they were stored. */
export type AmendedGrant = { grant: LedgerGrant; amendments: readonly Amendment[] };

/** Something that gave days to a subscription or took days from it. */
export type HistoryEvent = {
  grantId: string;
  /** `started` and `extended`: the grant was given, with nothing running or behind what ran. */
  what: "started" | "extended" | "undone" | "withdrawn" | "restored";
  at: Date;
  /**
   * Days by which the event made the whole coverage longer, or shorter if negative. An open-ended grant counts once it has
   * ended.
   */
  days: number;
  /** The subscription's end after the event, as it was known then. Null: nothing gave it time. */
  endsAt: Date | null;
};

const DAY_MS = 86_400_000;

/**
 * Lists what happened to a subscription, the oldest first. Guarantees, tested in history.test.ts:
 *
 * - The last end is the end of the ledger's coverage, and the days add up to that coverage.
 * - A later event changes no earlier line.
 */
export function historyOf(lines: readonly AmendedGrant[]): HistoryEvent[] {
  const known: Known[] = [];
  let before = 0;
  return inOrder(lines.flatMap(stepsOf)).map(({ grant, what, at }) => {
    const place = put(known, grant);
    const { run, covered } = known.at(-1)!;
    const after = Math.round(covered / DAY_MS);
    const days = after - before;
    before = after;
    return { grantId: grant.id, what: what ?? wayOf(known[place]!), at, days, endsAt: run?.endsAt ?? null };
  });
}

/** A grant, and what it covers together with those before it. */
type Known = { grant: LedgerGrant; part: CoveredPart | null; run: Run | undefined; covered: number };

/**
 * Puts a grant among the known ones, in the order of the ledger, or in place of what it was. Only it and those after it are
 * computed anew. These are few, so that a ledger of thousands of events is read in time.
 * @returns its place
 */
function put(known: Known[], grant: LedgerGrant): number {
  let place = known.findLastIndex((one) => inLedgerOrder(one.grant, grant) <= 0);
  const isKnown = known[place]?.grant.id === grant.id;
  if (!isKnown) place += 1;
  const later = known.splice(place).slice(isKnown ? 1 : 0);
  for (const one of [grant, ...later.map((former) => former.grant)]) known.push(after(known.at(-1), one));
  return place;
}

function after(before: Known | undefined, grant: LedgerGrant): Known {
  const { run, covered } = before ?? { run: undefined, covered: 0 };
  if (grant.undoneAt) return { grant, part: null, run, covered };
  const step = cover(run, grant);
  return { grant, part: step.part, run: step.run, covered: covered + lengthOf(step.part) };
}

/** Milliseconds. An open-ended grant counts once it has ended. */
const lengthOf = (part: CoveredPart | null): number =>
  part && part.endsAt < OPEN_END ? part.endsAt.getTime() - part.startsAt.getTime() : 0;

/** The instant after which amendments leave nothing of a grant. The last one counts. */
export function truncationOf(amendments: readonly Amendment[]): Date | null {
  const last = amendments.at(-1);
  return last?.kind === "truncate" ? last.at : null;
}

/** One event of a grant, and the grant as it was from then on. */
type Step = {
  grant: LedgerGrant;
  /** Null: it was given. */
  what: "undone" | "withdrawn" | "restored" | null;
  at: Date;
  /** Not before the grant's earlier steps, although the servers' clocks differ by milliseconds. */
  order: number;
};

function stepsOf({ grant, amendments }: AmendedGrant): Step[] {
  const live = { ...grant, undoneAt: null, truncatedAt: null };
  const steps: Omit<Step, "order">[] = [
    { grant: live, what: null, at: grant.grantedAt },
    ...amendments.map(({ kind, at }, index) => ({
      grant: { ...live, truncatedAt: truncationOf(amendments.slice(0, index + 1)) },
      what: kind === "truncate" ? ("withdrawn" as const) : ("restored" as const),
      at,
    })),
    ...(grant.undoneAt ? [{ grant, what: "undone" as const, at: grant.undoneAt }] : []),
  ];
  let order = -Infinity;
  return steps.map((step) => ({ ...step, order: (order = Math.max(order, step.at.getTime())) }));
}

/** At one instant, a grant given earlier comes first: a kept key starts at the instant at which another was undone. */
const inOrder = (steps: readonly Step[]): Step[] =>
  steps.toSorted((a, b) => a.order - b.order || a.grant.seq - b.grant.seq);

const wayOf = ({ grant, part }: Known): "started" | "extended" =>
  part && part.startsAt <= grant.grantedAt ? "started" : "extended";
