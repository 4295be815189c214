import { createHash } from "node:crypto";
import { foldCoverage, type LedgerGrant } from "@/lib/licence/coverage";
import { ceilingFrom, type Term } from "@/lib/licence/term";

export type Outcome = {
  /** `start`: nothing of this product is running; `extend`: the running subscription's end moves. */
  choice: "start" | "extend";
  subscriptionId: string | null;
  /** When the running subscription ends today; null for `start`. */
  runningUntil: Date | null;
  startsAt: Date;
  endsAt: Date;
  /** The end would lie more than the ceiling of years ahead. */
  overCeiling: boolean;
};

type RunningSubscription = { id: string; endsAt: Date; grants: readonly LedgerGrant[] };

/** What a term does to an account now, given all of its subscriptions of the product. Pure. */
export function outcomeOf(term: Term, subscriptions: readonly RunningSubscription[], now: Date): Outcome {
  const running = subscriptions
    .filter(({ endsAt }) => endsAt > now)
    .reduce<RunningSubscription | null>((last, one) => (last && last.endsAt >= one.endsAt ? last : one), null);
  const added: LedgerGrant = {
    ...term,
    id: "new",
    grantedAt: now,
    seq: Number.MAX_SAFE_INTEGER,
    undoneAt: null,
    truncatedAt: null,
  };
  const coverage = foldCoverage([...(running?.grants ?? []), added]);
  const part = coverage.segments.flatMap(({ parts }) => parts).find(({ grantId }) => grantId === added.id);
  if (!part || !coverage.endsAt) throw new Error("a grant that gives something always has its part of the coverage");
  return {
    choice: running ? "extend" : "start",
    subscriptionId: running?.id ?? null,
    runningUntil: running?.endsAt ?? null,
    startsAt: part.startsAt,
    endsAt: coverage.endsAt,
    overCeiling: coverage.endsAt > ceilingFrom(now),
  };
}

/**
 * Stands for everything a preview showed: every subscription of the product (none included), the choice and the end
 * as a calendar date in the person's zone. If any of it differs at the time of confirming, the versions differ.
 */
export function previewVersion(
  productCode: string,
  subscriptions: readonly { id: string; version: number }[],
  outcome: Outcome,
  timeZone: string,
): string {
  const shownEnd = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(outcome.endsAt);
  const seen = subscriptions.map(({ id, version }) => `${id}@${version}`).sort();
  return createHash("sha256")
    .update(JSON.stringify([productCode, seen, outcome.choice, shownEnd]))
    .digest("base64url")
    .slice(0, 22);
}
