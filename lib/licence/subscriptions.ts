import "server-only";
import type { ProductCode } from "@/lib/brand";
import { foldCoverage } from "@/lib/licence/coverage";
import { givingsFor, previewVersion, runningLease, type Giving } from "@/lib/licence/choices";
import { historyOf, type HistoryEvent } from "@/lib/licence/history";
import { readKeptKeys, type KeptKey } from "@/lib/licence/kept-keys";
import { readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import { isUnused } from "@/lib/licence/move-key";
import { selfStarts } from "@/lib/licence/self-starts";
import { isUsed, undoUntil } from "@/lib/licence/take-back";
import { leaseOf, type LeaseSource } from "@/lib/licence/sources/lease";
import type { GrantSource } from "@/lib/licence/sources/source";
import type { Term } from "@/lib/licence/term";

/** A grant as My Subscription lists it. */
export type GrantView = {
  id: string;
  source: GrantSource;
  term: Term;
  grantedAt: Date;
  /** The period that this grant covers, end-exclusive. Null: it covers nothing. */
  part: { startsAt: Date; endsAt: Date } | null;
  /** Whether it extends coverage that was already running, so that its period starts after it was given. */
  extends: boolean;
  undoneAt: Date | null;
  /** Its owner can take it back before this instant. Null: not any more, or a device used its time. */
  undoUntil: Date | null;
  /** Its owner can move its key to another account of theirs. */
  canMove: boolean;
};

export type SubscriptionView = {
  id: string;
  product: ProductCode;
  seats: number;
  /** Devices that hold a seat. */
  seatsTaken: number;
  /** `paused`: the partner has suspended its lease. */
  state: "active" | "paused" | "ended";
  /** End-exclusive. No real date while a lease runs. */
  endsAt: Date;
  /** The lease that gives this subscription; null for one that keys give. */
  lease: LeaseSource | null;
  grants: GrantView[];
};

/** A line of a subscription's history, with the source of its grant. */
export type HistoryLine = HistoryEvent & { source: GrantSource; term: Term };

/** A subscription with everything that gave it days or took days from it, the oldest first. */
export type HeldSubscription = SubscriptionView & { history: HistoryLine[] };

/** A key kept for later, and what it would give now. */
export type KeptKeyView = Omit<KeptKey, "startsItself"> & {
  /** When it starts by itself; now for one that is due. Null: only its owner starts it, or nobody knows when. */
  startsAt: Date | null;
  /** It starts by itself as soon as a server looks, within seconds. */
  isDue: boolean;
  /** It starts by itself when this partner's lease no longer runs. */
  startsAfter: string | null;
  /** Null: it cannot start now, because it was withdrawn or would end past the ceiling. */
  gives: Giving | null;
  /** Pass it to `startKeptKey`, which does only what was shown. */
  version: string;
};

/** Lists an account's subscriptions, the latest end first, with one statement. */
export const listSubscriptions = async (
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<SubscriptionView[]> => viewsOf(await readLedger(accountId), now).filter(isNotUndone);

/** Reads all that an account has, for My Subscription: its subscriptions and the keys it keeps for later. */
export async function getHoldings(
  { accountId, timeZone }: { accountId: string; timeZone: string },
  { now }: { now: Date },
): Promise<{ subscriptions: HeldSubscription[]; kept: KeptKeyView[] }> {
  const [ledgers, keys] = await Promise.all([readLedger(accountId), readKeptKeys(accountId)]);
  const starts = selfStarts(keys, ledgers, now);
  const kept = keys.map(({ startsItself, ...key }): KeptKeyView => {
    const ofProduct = ledgers.filter(({ product }) => product === key.product);
    const { offered } = givingsFor(key.term, ofProduct, now);
    const lease = runningLease(ofProduct, now);
    const startsAt = starts.get(key.id) ?? null;
    return {
      ...key,
      startsAt,
      isDue: startsAt !== null && startsAt <= now,
      startsAfter: startsItself && lease ? lease.partner : null,
      gives: key.withdrawnAt ? null : (offered[0] ?? null),
      version: previewVersion({ product: key.product, timeZone }, ofProduct, offered),
    };
  });
  const histories = new Map(ledgers.map((ledger) => [ledger.id, historyIn(ledger)]));
  const standing = viewsOf(ledgers, now).filter(isNotUndone);
  return { subscriptions: standing.map((view) => ({ ...view, history: histories.get(view.id) ?? [] })), kept };
}

function historyIn({ grants }: SubscriptionLedger): HistoryLine[] {
  const lines = new Map(grants.map((line) => [line.grant.id, line]));
  return historyOf(grants).map((event) => {
    const { source, term } = lines.get(event.grantId)!;
    return { ...event, source, term };
  });
}

/** Whether something was ever given that was not taken back. */
const isNotUndone = ({ grants }: SubscriptionView): boolean => grants.some(({ undoneAt }) => !undoneAt);

function viewsOf(ledgers: readonly SubscriptionLedger[], now: Date): SubscriptionView[] {
  return ledgers
    .map((ledger): SubscriptionView => {
      const { id, product, seats, seatsTaken, usedUntil, endsAt, grants } = ledger;
      const lease = leaseOf(ledger);
      const { segments } = foldCoverage(grants.map(({ grant }) => grant));
      const parts = new Map(segments.flatMap((segment) => segment.parts).map((part) => [part.grantId, part]));
      const state = endsAt > now ? "active" : lease?.state === "suspended" ? "paused" : "ended";
      return {
        ...{ id, product, seats, seatsTaken, state, endsAt, lease },
        grants: grants.map((line) => {
          const { grant, term, source } = line;
          const { id, grantedAt, undoneAt } = grant;
          const part = parts.get(id);
          const until = undoUntil(line);
          const startsAt = part?.startsAt ?? null;
          const used = isUsed({ startsAt, usedUntil }, now);
          return {
            undoUntil: until && until > now && !used ? until : null,
            canMove: until !== null && isUnused({ until, startsAt, isUsed: used }, now),
            ...{ id, source, term, grantedAt, undoneAt },
            part: part ? { startsAt: part.startsAt, endsAt: part.endsAt } : null,
            extends: part !== undefined && part.startsAt > grantedAt,
          };
        }),
      };
    })
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
}

/** Finds one of the account's redemptions, for its done page. Null for an unknown id and for another account's. */
export async function findRedemption(
  { grantId, accountId }: { grantId: string; accountId: string },
  { now }: { now: Date },
): Promise<{ grant: GrantView; subscription: SubscriptionView } | null> {
  for (const subscription of viewsOf(await readLedger(accountId), now)) {
    const grant = subscription.grants.find(({ id }) => id === grantId);
    if (grant) return { grant, subscription };
  }
  return null;
}
