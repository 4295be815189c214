import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import type { ProductCode } from "@/lib/brand";
import { db } from "@/lib/db/client";
import { grantEntry, product, productKey } from "@/lib/db/schema/licence";
import { foldCoverage } from "@/lib/licence/coverage";
import { knownProduct } from "@/lib/licence/find-key";
import { readLedger } from "@/lib/licence/ledger";
import type { Term } from "@/lib/licence/term";

/** One line of "where each day came from". */
export type GrantView = {
  id: string;
  source: "key";
  /** The key's last group. */
  hint: string;
  term: Term;
  grantedAt: Date;
  /** The part of the coverage this grant gives now; end-exclusive. Both null when it was taken back whole. */
  startsAt: Date | null;
  endsAt: Date | null;
  undoneAt: Date | null;
  /** The key was withdrawn, for example refunded. */
  withdrawnAt: Date | null;
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

/** An account's subscriptions: running ones first, the one that ends last on top. */
export async function listSubscriptions(
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<SubscriptionView[]> {
  const ledgers = await readLedger(db(), { accountId });
  if (ledgers.length === 0) return [];
  const seats = new Map(
    (await db().select({ code: product.code, seats: product.seats }).from(product)).map((row) => [row.code, row.seats]),
  );
  const keys = await readKeysOfGrants(
    ledgers.flatMap(({ grants }) => grants.map(({ id }) => id)),
    accountId,
  );

  return ledgers
    .map((ledger): SubscriptionView => {
      const parts = foldCoverage(ledger.grants).segments.flatMap((segment) => segment.parts);
      return {
        id: ledger.id,
        product: knownProduct(ledger.productCode),
        seats: seats.get(ledger.productCode) ?? 0,
        state: ledger.endsAt > now ? "active" : "ended",
        endsAt: ledger.endsAt,
        grants: ledger.grants.map(({ id, months, days, grantedAt, undoneAt }) => {
          const part = parts.find(({ grantId }) => grantId === id);
          const key = keys.get(id);
          return {
            id,
            source: "key",
            hint: key?.hint ?? "",
            term: { months, days },
            grantedAt,
            startsAt: part?.startsAt ?? null,
            endsAt: part?.endsAt ?? null,
            undoneAt,
            withdrawnAt: key?.voidedAt ?? null,
          };
        }),
      };
    })
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
}

/** One redemption for its own done page; null for an unknown id and for somebody else's. */
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

async function readKeysOfGrants(grantIds: string[], accountId: string) {
  const rows = await db()
    .select({ grantId: grantEntry.id, hint: productKey.hint, voidedAt: productKey.voidedAt })
    .from(grantEntry)
    .innerJoin(productKey, eq(productKey.id, grantEntry.sourceId))
    .where(and(inArray(grantEntry.id, grantIds), eq(grantEntry.source, "key"), eq(productKey.accountId, accountId)));
  return new Map(rows.map((row) => [row.grantId, row]));
}
