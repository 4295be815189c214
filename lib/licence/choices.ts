import { createHash } from "node:crypto";
import { dateFormat } from "@/lib/date-format";
import { foldCoverage, type LedgerGrant } from "@/lib/licence/coverage";
import { ceilingFrom, type Term } from "@/lib/licence/term";

type Period = { startsAt: Date; endsAt: Date };

/**
 * What a key can give now. `start`: a new subscription from today, while none of this product runs. `extend`: the end of
 * the running one moves. `add`: a second subscription beside it, from today.
 */
export type Giving = Period &
  (
    | { kind: "start" }
    | { kind: "extend"; subscriptionId: string; runningUntil: Date }
    | { kind: "add"; runningUntil: Date }
  );

/** `keep`: the account owns the key and nothing starts yet. `runningUntil`: when it can start by itself. */
export type Choice = Giving | { kind: "keep"; runningUntil: Date | null };

export type ChoiceKind = Choice["kind"];
export type GivingKind = Giving["kind"];

export const givingKinds = ["start", "extend", "add"] as const satisfies GivingKind[];
export const choiceKinds = [...givingKinds, "keep"] as const satisfies ChoiceKind[];

type RunningSubscription = { id: string; endsAt: Date; grants: readonly { grant: LedgerGrant }[] };

/** The subscription that runs longest. */
export const longestRunning = <Running extends { endsAt: Date }>(
  subscriptions: readonly Running[],
  now: Date,
): Running | null =>
  subscriptions
    .filter(({ endsAt }) => endsAt > now)
    .reduce<Running | null>((last, one) => (last && last.endsAt >= one.endsAt ? last : one), null);

/**
 * Lists what a term can give an account now, the best one first. Nothing is offered when the best would end beyond the
 * ceiling of years: the other ways to start it would then waste its days beside those that run.
 * @param subscriptions all subscriptions of the account to this product
 * @returns `overCeiling`: the best one, when it cannot be taken
 */
export function givingsFor(
  term: Term,
  subscriptions: readonly RunningSubscription[],
  now: Date,
): { offered: Giving[]; overCeiling: Giving | null } {
  const running = longestRunning(subscriptions, now);
  const [best, alone] = [giving(term, running, now), running && giving(term, null, now)];
  if (!best) return { offered: [], overCeiling: null };
  if (best.endsAt > ceilingFrom(now)) return { offered: [], overCeiling: best };
  if (!running || !alone) return { offered: [best], overCeiling: null };
  const beside: Giving = { ...alone, kind: "add", runningUntil: running.endsAt };
  return { offered: [best, beside], overCeiling: null };
}

/** Gives a term to a subscription that ended at `from` at the latest, from that instant on. */
export const continuing = (term: Term, ended: RunningSubscription, from: Date): Giving | null =>
  giving(term, ended, from);

/** Extends `running`, or starts anew without one. Null: the dates depend on an open-ended grant, so none can be shown. */
function giving(term: Term, running: RunningSubscription | null, now: Date): Giving | null {
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
  if (!part || !coverage.endsAt) return null;

  const dates = { startsAt: part.startsAt, endsAt: coverage.endsAt };
  return running
    ? { kind: "extend", subscriptionId: running.id, runningUntil: running.endsAt, ...dates }
    : { kind: "start", ...dates };
}

/**
 * A digest of what a preview showed: the product's subscriptions with their grants, and each choice with the date of
 * its end in the person's time zone. If any of these changes before the person confirms, the version differs. It leaves
 * out subscriptions to other products, so that keys of two products can be previewed in two tabs.
 */
export function previewVersion(
  { product, timeZone }: { product: string; timeZone: string },
  subscriptions: readonly RunningSubscription[],
  offered: readonly Giving[],
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
