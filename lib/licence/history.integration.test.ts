import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { getHoldings } from "@/lib/licence/subscriptions";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import type { GrantSource } from "@/lib/licence/sources/source";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const lookupSecret = env().secrets.lookup;

async function activate(accountId: string, at: Date) {
  const [key] = (await makeKeys(database.url)).keys;
  const redeemed = await redeemShown({ key: key!, accountId }, { now: at });
  if (redeemed.status !== "activated") throw new Error(redeemed.status);
  return { key: key!, hint: key!.slice(-5), grantId: redeemed.grantId };
}

async function undo(accountId: string, grantId: string, at: Date) {
  const { endsAfter } = (await findUndo({ grantId, accountId }, { now: at }))!;
  await undoRedemption({ grantId, accountId, shownEnd: endsAfter?.toISOString() ?? "" }, { now: at });
}

async function historyOf(accountId: string, at: Date) {
  const { subscriptions } = await getHoldings({ accountId, timeZone: "Europe/Paris" }, { now: at });
  expect(subscriptions).toHaveLength(1);
  return subscriptions[0]!;
}

const hintOf = (source: GrantSource) => (source.kind === "key" ? source.hint : null);

it("My Subscription tells every event that gave or took days, and its last end is the stored one", async () => {
  const accountId = await makeAccount();
  const first = await activate(accountId, now);
  const second = await activate(accountId, later(1));
  await undo(accountId, second.grantId, later(1.5));
  await voidKey({ key: first.key, reason: "refunded" }, { now: later(10), lookupSecret });
  await restoreKey({ key: first.key, reason: "mistake" }, { now: later(20), lookupSecret });

  const { history, endsAt } = await historyOf(accountId, later(21));
  expect(history.map(({ what, at, days, source }) => [what, at, days, hintOf(source)])).toEqual([
    ["started", now, 365, first.hint],
    ["extended", later(1), 366, second.hint],
    ["undone", later(1.5), -366, second.hint],
    ["withdrawn", later(10), -355, first.hint],
    ["restored", later(20), 355, first.hint],
  ]);
  expect(history.at(-1)!.endsAt).toEqual(endsAt);
});

it("the history keeps the hint of a key that moved to another account, and does not tell what happened there", async () => {
  const [accountId, other] = [await makeAccount(), await makeAccount()];
  await activate(accountId, now);
  const moved = await activate(accountId, later(1));
  await undo(accountId, moved.grantId, later(1.5));
  await db().execute(
    sql`UPDATE product_key SET account_id = ${other}, sealed = sealed || '\\x00', kept_id = gen_random_uuid()
         WHERE hint = ${moved.hint} AND state = 'kept'`,
  );
  await voidKey({ key: moved.key, reason: "lost" }, { now: later(3), lookupSecret });

  const { history } = await historyOf(accountId, later(4));
  expect(
    history.map(({ what, source }) => [what, hintOf(source), source.kind === "key" && source.withdrawnAt]).slice(1),
  ).toEqual([
    ["extended", moved.hint, null],
    ["undone", moved.hint, null],
  ]);
});
