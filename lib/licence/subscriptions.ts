import "server-only";
import type { ProductCode } from "@/lib/brand";
import { foldCoverage } from "@/lib/licence/coverage";
import { readLedger } from "@/lib/licence/ledger";
import type { GrantSource } from "@/lib/licence/sources/source";
import type { Term } from "@/lib/licence/term";

/** One line of "where each day came from". */
export type GrantView = {
  id: string;
  source: GrantSource;
  term: Term;
  grantedAt: Date;
  /** The part of the coverage this grant gives now; end-exclusive. Null: it was taken back whole. */
  part: { startsAt: Date; endsAt: Date } | null;
  /** It was added after coverage that was already running: its part started later than it was given. */
  extends: boolean;
  undoneAt: Date | null;
};

export type SubscriptionView = {
  id: string;
  product: ProductCode;
  seats: number;
  state: "active" | "ended";
  /** End-exclusive. */
  endsAt: Date;
  grants: GrantView[];
};

/** Lists an account's subscriptions in one statement, the one that ends last first. */
export async function listSubscriptions(
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<SubscriptionView[]> {
  return (await readLedger(accountId))
    .map(({ id, product, seats, endsAt, grants }): SubscriptionView => {
      const { segments } = foldCoverage(grants.map(({ grant }) => grant));
      const parts = new Map(segments.flatMap((segment) => segment.parts).map((part) => [part.grantId, part]));
      const state = endsAt > now ? "active" : "ended";
      return {
        ...{ id, product, seats, state, endsAt },
        grants: grants.map(({ grant: { id, grantedAt, undoneAt }, term, source }) => {
          const part = parts.get(id);
          return {
            ...{ id, source, term, grantedAt, undoneAt },
            part: part ? { startsAt: part.startsAt, endsAt: part.endsAt } : null,
            extends: part !== undefined && part.startsAt > grantedAt,
          };
        }),
      };
    })
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
}

/** Finds one redemption for its own done page; null for an unknown id and for somebody else's. */
export async function findRedemption(
  { grantId, accountId }: { grantId: string; accountId: string },
  { now }: { now: Date },
): Promise<{ grant: GrantView; subscription: SubscriptionView } | null> {
  for (const subscription of await listSubscriptions({ accountId }, { now })) {
    const grant = subscription.grants.find(({ id }) => id === grantId);
    if (grant) return { grant, subscription };
  }
  return null;
}
