import { createHash } from "node:crypto";
import { dateFormat } from "@/lib/date-format";
import { foldCoverage, type LedgerGrant } from "@/lib/licence/coverage";
import { ceilingFrom, type Term } from "@/lib/licence/term";

/** `start`: a new subscription from today. `extend`: the end of the running one moves. */
export type Choice = {
  startsAt: Date;
  endsAt: Date;
} & ({ kind: "start" } | { kind: "extend"; subscriptionId: string; runningUntil: Date });

export type ChoiceKind = Choice["kind"];

export const choiceKinds = ["start", "extend"] as const satisfies ChoiceKind[];

type RunningSubscription = { id: string; endsAt: Date; grants: readonly { grant: LedgerGrant }[] };

/**
 * Lists every choice that a term offers an account now, the best one first.
 * @param subscriptions all subscriptions of the account to this product
 * @returns `overCeiling`: choices that cannot be taken, because they end beyond the ceiling of years
 */
export function choicesFor(
  term: Term,
  subscriptions: readonly RunningSubscription[],
  now: Date,
): { offered: Choice[]; overCeiling: Choice[] } {
  const running = subscriptions
    .filter(({ endsAt }) => endsAt > now)
    .reduce<RunningSubscription | null>((last, one) => (last && last.endsAt >= one.endsAt ? last : one), null);
  const added: LedgerGrant = {
    id: "new",
    gives: { kind: "term", ...term },
    grantedAt: now,
    seq: Number.MAX_SAFE_INTEGER,
    undoneAt: null,
    truncatedAt: null,
  };
  const coverage = foldCoverage([...(running?.grants ?? []).map(({ grant }) => grant), added]);
  const part = coverage.segments.flatMap(({ parts }) => parts).find(({ grantId }) => grantId === added.id);
  // A term that waits for an open-ended grant has no dates to show yet.
  if (!part || !coverage.endsAt) return { offered: [], overCeiling: [] };

  const dates = { startsAt: part.startsAt, endsAt: coverage.endsAt };
  const choice: Choice = running
    ? { kind: "extend", subscriptionId: running.id, runningUntil: running.endsAt, ...dates }
    : { kind: "start", ...dates };
  return choice.endsAt > ceilingFrom(now)
    ? { offered: [], overCeiling: [choice] }
    : { offered: [choice], overCeiling: [] };
}

/**
 * A digest of what a preview showed: the product's subscriptions with their grants, and each choice with the date of
 * its end in the person's time zone. If any of these changes before the person confirms, the version differs. It leaves
 * out subscriptions to other products, so that keys of two products can be previewed in two tabs.
 */
export function previewVersion(
  { product, timeZone }: { product: string; timeZone: string },
  subscriptions: readonly RunningSubscription[],
  offered: readonly Choice[],
): string {
  const day = dateFormat("en-CA", { timeZone, dateStyle: "short" });
  const shown = offered.map(({ kind, endsAt }) => [kind, day.format(endsAt)]);
  const seen = subscriptions.map(({ id, grants }) => [
    id,
    grants.map(({ grant }) => [grant.id, grant.undoneAt, grant.truncatedAt]),
  ]);
  return createHash("sha256")
    .update(JSON.stringify([product, seen, shown]))
    .digest("base64url")
    .slice(0, 22);
}
