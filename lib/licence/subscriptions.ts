import "server-only";
import type { ProductCode } from "@/lib/brand";
import { foldCoverage } from "@/lib/licence/coverage";
import { readLedger } from "@/lib/licence/ledger";
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

/** Lists an account's subscriptions, the latest end first, with one statement. */
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

/** Finds one of the account's redemptions, for its done page. Null for an unknown id and for another account's. */
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
