import "server-only";
import { runPrepared } from "@/lib/db/client";
import { count } from "@/lib/metrics";
import { continuing } from "@/lib/licence/choices";
import { findKey, type FoundKey } from "@/lib/licence/find-key";
import { readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import { weigh } from "@/lib/licence/preview-key";
import type { Redemption } from "@/lib/licence/redeem-key";
import { verdictOn } from "@/lib/licence/refusal";
import { spendKey } from "@/lib/licence/spend-key";
import { ceilingFrom } from "@/lib/licence/term";

type Owned = { keptId: string; accountId: string };

export type Starting = Exclude<Redemption, { status: "limited" | "refused" }> | { status: "unknown" | "notPossible" };

/**
 * Starts a key that its owner keeps, in the best way that My Subscription showed. Repeating a request gives the first
 * result again.
 * @param previewVersion from what the person was shown; if that has changed, nothing starts
 * @returns `unknown`: no such key, or somebody else's. `notPossible`: it was withdrawn, or would end past the ceiling.
 */
export async function startKeptKey(
  { previewVersion, ...owned }: Owned & { previewVersion: string },
  { now }: { now: Date },
): Promise<Starting> {
  const found = await findKept(owned);
  if (!found) return { status: "unknown" };
  const { key, holder, lookup } = found;
  const before = startedBefore(key);
  if (before) return before;
  const { accountId } = owned;
  if (verdictOn(key, { accountId, country: holder.country, now })) return { status: "notPossible" };
  const judged = await weigh({ key, holder, lookup, accountId, all: await readLedger(accountId) }, { now });
  if (judged.status !== "usable") return { status: "notPossible" };
  const { preview } = judged;
  if (preview.version !== previewVersion) {
    // Perhaps by the same request, sent twice.
    const again = await findKept(owned);
    return (again && startedBefore(again.key)) ?? { status: "previewChanged" };
  }
  const [choice] = preview.choices;
  if (choice.kind === "keep") throw new Error("a kept key was to be kept again");
  const spent = await spendKey({ accountId, key, holder, choice, typed: null }, { now });
  if (spent) count("redemptions", { outcome: "started" });
  return spent ? { status: "activated", ...spent } : startKeptKey({ previewVersion, ...owned }, { now });
}

function startedBefore({ state }: FoundKey): Starting | null {
  if (state.name !== "redeemed") return null;
  return { status: "alreadyYours", grantId: state.grantId, subscriptionId: state.subscriptionId };
}

/** A kept key, by its name in forms. Null: no such key, or somebody else's. */
async function findKept({ keptId, accountId }: Owned) {
  const [row] = await runPrepared<{ lookup: Buffer }>(
    "find-kept-key",
    "SELECT lookup FROM product_key WHERE kept_id = $1 AND account_id = $2",
    [keptId, accountId],
  );
  if (!row) return null;
  // Its owner guesses nothing, so no limit is asked.
  const { key, holder } = await findKey(row.lookup, accountId, noCounters);
  return key && { key, holder, lookup: row.lookup };
}

const noCounters = { account: Buffer.alloc(0), network: Buffer.alloc(0), seen: Buffer.alloc(0) };

/**
 * Keys that would have started by now: the account's last subscription to their product has ended, or its lease no longer
 * runs. A key without one has nothing to follow and must not take the place of others.
 */
const due = `
  SELECT k.kept_id AS "keptId", k.account_id AS "accountId", k.kept_at AS "keptAt"
    FROM product_key k
    JOIN key_batch b ON b.id = k.batch_id
    JOIN account a ON a.id = k.account_id AND a.erased_at IS NULL
   WHERE k.state = 'kept' AND k.starts_itself AND k.voided_at IS NULL
     AND (SELECT max(s.ends_at) FROM subscription s
           WHERE s.account_id = k.account_id AND s.product_code = b.product_code) <= $1
   ORDER BY k.kept_at, k.id
   LIMIT 100`;

/**
 * Starts the keys that start by themselves, each from the instant at which the subscription before it ended, however
 * late this runs. Any number of servers may do it at once: each key starts once.
 * @returns how many started
 */
export async function startDueKeys({ now }: { now: Date }): Promise<number> {
  const keys = await runPrepared<Owned & { keptAt: Date }>("due-keys", due, [now.toISOString()]);
  let started = 0;
  for (const { keptAt, ...owned } of keys) started += Number(await startDue(owned, keptAt, now));
  // The first of an account's keys may have ended meanwhile, so that the next one is due.
  return started > 0 ? started + (await startDueKeys({ now })) : 0;
}

async function startDue(owned: Owned, keptAt: Date, now: Date): Promise<boolean> {
  const found = await findKept(owned);
  if (found?.key.state.name !== "kept") return false;
  const { key, holder } = found;
  const ofProduct = (await readLedger(owned.accountId)).filter(({ product }) => product === key.product);
  const last = ofProduct.toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime())[0];
  if (!last || last.endsAt > now) return false;
  const from = dueSince(last, keptAt);
  const choice = continuing(key.term, last, from);
  if (choice.endsAt > ceilingFrom(from)) return false;
  const { accountId } = owned;
  return (await spendKey({ accountId, key, holder, choice, typed: null }, { now, from, actor: "system" })) !== null;
}

/** When a key became due: at the end of the subscription, or when that end was moved into the past. */
function dueSince({ endsAt, grants }: SubscriptionLedger, keptAt: Date): Date {
  const changes = grants.flatMap(({ grant }) => [grant.undoneAt, grant.truncatedAt]);
  return new Date(Math.max(...[endsAt, keptAt, ...changes].map((at) => at?.getTime() ?? 0)));
}
