import "server-only";
import { continuing, plannedGrant, runningLease } from "@/lib/licence/choices";
import type { LedgerGrant } from "@/lib/licence/coverage";
import type { KeptKey } from "@/lib/licence/kept-keys";
import type { SubscriptionLedger } from "@/lib/licence/ledger";
import type { GrantSource } from "@/lib/licence/sources/source";
import { ceilingFrom } from "@/lib/licence/term";

type Last = { id: string; endsAt: Date; grants: readonly { grant: LedgerGrant; source: GrantSource }[] };

/**
 * Works out when the kept keys that start by themselves will start, each when the one before it ends, as `startDueKeys`
 * starts them. A key that is due starts now.
 * @param keys the oldest first
 * @returns by the name of the key; none for keys that wait for a lease, or that only their owner starts
 */
export function selfStarts(
  keys: readonly KeptKey[],
  ledgers: readonly SubscriptionLedger[],
  now: Date,
): Map<string, Date> {
  const starts = new Map<string, Date>();
  for (const product of new Set(keys.map((key) => key.product))) {
    const ofProduct = ledgers.filter((one) => one.product === product);
    let last: Last | undefined = ofProduct.toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime())[0];
    if (!last || runningLease(ofProduct, now)) continue;
    for (const key of keys) {
      if (key.product !== product || !key.startsItself || key.withdrawnAt) continue;
      const from: Date = last.endsAt > now ? last.endsAt : now;
      const { kind, endsAt } = continuing(key.term, last, from);
      if (endsAt > ceilingFrom(from)) continue;
      starts.set(key.id, from);
      const source = { kind: "key" as const, hint: key.hint, withdrawnAt: null, undoneFor: 0 };
      const given = { grant: plannedGrant(key.term, from, key.id), source };
      last = { id: last.id, endsAt, grants: kind === "extend" ? [...last.grants, given] : [given] };
    }
  }
  return starts;
}
