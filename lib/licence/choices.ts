import { createHash } from "node:crypto";
import { dateFormat } from "@/lib/date-format";
import { foldCoverage, type LedgerGrant } from "@/lib/licence/coverage";
import { leaseOf, type LeaseSource } from "@/lib/licence/sources/lease";
import type { GrantSource } from "@/lib/licence/sources/source";
import { ceilingFrom, type Term } from "@/lib/licence/term";

type Period = { startsAt: Date; endsAt: Date };

/**
 * What a key can give now. `start`: a new subscription from today, while none of this product runs. `extend`: the end of
 * the running one moves. `add`: a second subscription beside it, from today.
 */
export type Giving = Period &
  ({ kind: "start" } | { kind: "extend"; subscriptionId: string; runningUntil: Date } | { kind: "add" });

/**
 * `keep`: the account owns the key and nothing starts yet. `runningUntil`: when it can start by itself. `provider`: the
 * partner of the lease that runs, after which it can start by itself instead.
 */
export type Choice = Giving | Keep;

type Keep = { kind: "keep"; runningUntil: Date | null; provider: string | null };

/** Whether a kept key would have something to follow. */
export const canStartItself = ({ runningUntil, provider }: Keep): boolean => runningUntil !== null || provider !== null;

export type ChoiceKind = Choice["kind"];
export type GivingKind = Giving["kind"];

export const givingKinds = ["start", "extend", "add"] as const satisfies GivingKind[];
export const choiceKinds = [...givingKinds, "keep"] as const satisfies ChoiceKind[];

type RunningSubscription = { id: string; endsAt: Date; grants: readonly { grant: LedgerGrant; source: GrantSource }[] };

/** The subscription that runs longest. */
export const longestRunning = <Running extends { endsAt: Date }>(
  subscriptions: readonly Running[],
  now: Date,
): Running | null =>
  subscriptions
    .filter(({ endsAt }) => endsAt > now)
    .reduce<Running | null>((last, one) => (last && last.endsAt >= one.endsAt ? last : one), null);

/** The lease among these subscriptions that runs. A suspended one does not. */
export const runningLease = (subscriptions: readonly RunningSubscription[], now: Date): LeaseSource | null =>
  subscriptions
    .filter(({ endsAt }) => endsAt > now)
    .map(leaseOf)
    .find((lease) => lease !== null) ?? null;

/**
 * Lists what a term can give an account now, the best one first. No term extends a lease: the account's own subscription
 * is extended, or a new one runs beside the lease. Nothing is offered when the best would end beyond the
 * ceiling of years: the other ways to start it would then waste its days beside those that run.
 * @param subscriptions all subscriptions of the account to this product
 * @returns `overCeiling`: the best one, when it cannot be taken
 */
export function givingsFor(
  term: Term,
  subscriptions: readonly RunningSubscription[],
  now: Date,
): { offered: Giving[]; overCeiling: Giving | null } {
  const own = subscriptions.filter((one) => !leaseOf(one));
  const running = longestRunning(own, now);
  const isLeased = runningLease(subscriptions, now) !== null;
  const [extended, alone] = [running && giving(term, running, now), giving(term, null, now)];
  const beside: Giving = running || isLeased ? { ...alone, kind: "add" } : alone;
  const best = extended ?? beside;
  if (best.endsAt > ceilingFrom(now)) return { offered: [], overCeiling: best };
  return { offered: extended ? [extended, beside] : [beside], overCeiling: null };
}

/**
 * Gives a term after a subscription that ended at `from` at the latest, from that instant on. After a lease it starts a
 * new subscription, and also where months counted from the former start would end past the ceiling: 31 January 2026 and
 * 73 months is 29 February 2032, more than five years after 28 February 2027.
 */
export function continuing(term: Term, ended: RunningSubscription, from: Date): Giving {
  const alone = giving(term, null, from);
  if (leaseOf(ended)) return alone;
  const continued = giving(term, ended, from);
  return continued.endsAt > ceilingFrom(from) ? alone : continued;
}

/** A grant that is not in the ledger, and comes after all that are. */
export const plannedGrant = (term: Term, grantedAt: Date, id: string): LedgerGrant => ({
  ...{ id, grantedAt, seq: Number.MAX_SAFE_INTEGER, undoneAt: null, truncatedAt: null },
  gives: { kind: "term", ...term },
});

/** Extends `running`, which is no lease, or starts anew without one. */
function giving(term: Term, running: RunningSubscription | null, now: Date): Giving {
  const added = plannedGrant(term, now, "new");
  const coverage = foldCoverage([...(running?.grants ?? []).map(({ grant }) => grant), added]);
  const part = coverage.segments.flatMap(({ parts }) => parts).find(({ grantId }) => grantId === added.id);
  if (!part || !coverage.endsAt) throw new Error("no term follows an open-ended grant");

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
