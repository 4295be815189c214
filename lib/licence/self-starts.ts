import "server-only";
import { continuing, plannedGrant, runningLease } from "@/lib/licence/choices";
import type { LedgerGrant } from "@/lib/licence/coverage";
import { readKeptKeys, type KeptKey } from "@/lib/licence/kept-keys";
import { readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import type { GrantSource } from "@/lib/licence/sources/source";
import { ceilingFrom } from "@/lib/licence/term";

type Waiting = Pick<KeptKey, "id" | "product" | "term" | "hint" | "startsItself" | "withdrawnAt">;

type Last = { id: string; endsAt: Date; grants: readonly { grant: LedgerGrant; source: GrantSource }[] };

/**
 * Works out when the kept keys that start by themselves will start, each when the one before it ends, as `startDueKeys`
 * starts them. A key that is due starts now.
 * @param keys the oldest first
 * @returns by the name of the key; none for keys that wait for a lease, or that only their owner starts
 */
export function selfStarts(
  keys: readonly Waiting[],
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

/**
 * Works out when a key would start by itself if it were kept now, after those that are kept already. Null: its product
 * never ran on this account, a lease runs, or the key would end past the ceiling.
 */
export async function startIfKept(
  { accountId, product, term }: { accountId: string } & Pick<KeptKey, "product" | "term">,
  { now }: { now: Date },
): Promise<Date | null> {
  const [ledgers, kept] = await Promise.all([readLedger(accountId), readKeptKeys(accountId)]);
  const wanted = { id: "", product, term, hint: "", startsItself: true, withdrawnAt: null };
  return selfStarts([...kept, wanted], ledgers, now).get(wanted.id) ?? null;
}
