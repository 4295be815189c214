import { foldCoverage, OPEN_END, type Coverage, type LedgerGrant } from "@/lib/licence/coverage";

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
  const known = new Map<string, LedgerGrant>();
  let before = foldCoverage([]);
  return inOrder(lines.flatMap(stepsOf)).map(({ grant, what, at }) => {
    known.set(grant.id, grant);
    const after = foldCoverage([...known.values()]);
    const days = daysIn(after) - daysIn(before);
    before = after;
    return { grantId: grant.id, what: what ?? wayOf(grant, after), at, days, endsAt: after.endsAt };
  });
}

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

function wayOf({ id, grantedAt }: LedgerGrant, { segments }: Coverage): "started" | "extended" {
  const part = segments.flatMap(({ parts }) => parts).find(({ grantId }) => grantId === id);
  return part && part.startsAt <= grantedAt ? "started" : "extended";
}

/** Rounded once for each sum, so that the lines' days add up. */
function daysIn({ segments }: Coverage): number {
  const ended = segments.flatMap(({ parts }) => parts).filter(({ endsAt }) => endsAt < OPEN_END);
  return Math.round(
    ended.reduce((sum, { startsAt, endsAt }) => sum + endsAt.getTime() - startsAt.getTime(), 0) / DAY_MS,
  );
}
