import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { foldCoverage } from "@/lib/licence/coverage";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger } from "@/lib/licence/ledger";
import { redeemKey } from "@/lib/licence/redeem-key";
import { startDueKeys, startKeptKey } from "@/lib/licence/start-kept-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown, showPreview } from "@/lib/testing/redeem";

/* Two things that happen to one key at once, from every state that both can start from. */

const database = withTestDatabase();
const lookupSecret = env().secrets.lookup;
const now = new Date("2026-11-23T14:05:00Z");
const timeZone = "Europe/Paris";

type Scene = { key: string; owner: string; stranger: string };
/** Prepares what a person was shown, and does it when it is called. */
type Verb = (scene: Scene) => Promise<() => Promise<unknown>>;

const attempt = ({ key }: Scene, accountId: string) => ({ key, accountId, network: null });

const redeemBy =
  (who: "owner" | "stranger"): Verb =>
  async (scene) => {
    const asked = attempt(scene, scene[who]);
    const shown = await showPreview(asked, { now }).catch(() => ({ choice: "start" as const, previewVersion: "none" }));
    return () => redeemKey({ ...asked, ...shown }, { now });
  };
const keepBy =
  (who: "owner" | "stranger"): Verb =>
  async (scene) =>
  () =>
    keepKey({ ...attempt(scene, scene[who]), startsItself: true }, { now });

const verbs: Record<string, Verb> = {
  redeem: redeemBy("owner"),
  "redeem by another": redeemBy("stranger"),
  keep: keepBy("owner"),
  "keep by another": keepBy("stranger"),
  start: async ({ owner }) => {
    const [kept] = (await getHoldings({ accountId: owner, timeZone }, { now })).kept;
    const asked = { keptId: kept?.id ?? crypto.randomUUID(), accountId: owner, previewVersion: kept?.version ?? "" };
    return () => startKeptKey(asked, { now });
  },
  "start by itself": async () => () => startDueKeys({ now: new Date(now.getTime() + 40 * 86_400_000) }),
  undo: async ({ key, owner: accountId }) => {
    const { rows } = await db().execute<{ id: string }>(sql`
      SELECT g.id FROM grant_entry g JOIN product_key k ON k.id = g.key_id
       WHERE k.lookup = ${lookupDigest(key)} AND g.undone_at IS NULL`);
    const grantId = rows[0]?.id ?? crypto.randomUUID();
    const undo = await findUndo({ grantId, accountId }, { now });
    return () => undoRedemption({ grantId, accountId, shownEnd: undo?.endsAfter?.toISOString() ?? "" }, { now });
  },
  withdraw:
    async ({ key }) =>
    () =>
      voidKey({ key, reason: "refunded" }, { now, lookupSecret }),
  restore:
    async ({ key }) =>
    () =>
      restoreKey({ key, reason: "mistake" }, { now, lookupSecret }),
};

const states: Record<string, (scene: Scene) => Promise<unknown>> = {
  issued: async () => {},
  kept: (scene) => keepKey({ ...attempt(scene, scene.owner), startsItself: true }, { now }),
  redeemed: (scene) => redeemShown(attempt(scene, scene.owner), { now }),
  withdrawn: async (scene) => {
    await redeemShown(attempt(scene, scene.owner), { now });
    await voidKey({ key: scene.key, reason: "refunded" }, { now, lookupSecret });
  },
};

const names = Object.keys(verbs);
const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const));

/** One owner at most, one live grant at most, and the stored end is what the ledger gives. */
async function expectSound({ key, owner, stranger }: Scene, what: string): Promise<void> {
  const { rows } = await db().execute<{ state: string; owner: string | null; live: number; holders: number }>(sql`
    SELECT k.state, k.account_id AS owner, count(g.id)::int AS live, count(DISTINCT s.account_id)::int AS holders
      FROM product_key k
      LEFT JOIN grant_entry g ON g.key_id = k.id AND g.undone_at IS NULL
      LEFT JOIN subscription s ON s.id = g.subscription_id
     WHERE k.lookup = ${lookupDigest(key)} GROUP BY k.id`);
  const [row] = rows;
  expect(row!.live, what).toBe(row!.state === "redeemed" ? 1 : 0);
  expect(row!.owner === null, what).toBe(row!.state === "issued");
  for (const accountId of [owner, stranger]) {
    const ledgers = await readLedger(accountId);
    if (row!.owner !== accountId)
      expect(ledgers.flatMap(({ grants }) => grants.filter(({ grant }) => !grant.undoneAt)).length, what).toBe(
        accountId === owner ? 1 : 0,
      );
    for (const { grants, endsAt } of ledgers) {
      const end = foldCoverage(grants.map(({ grant }) => grant)).endsAt;
      if (end) expect(endsAt, what).toEqual(end);
    }
  }
}

describe.each(Object.keys(states))("two things at once to a key that is %s", (state) => {
  it("leave one owner, one grant at most and the right end, and neither fails", { timeout: 120_000 }, async () => {
    for (const [one, other] of pairs) {
      const { keys } = await makeKeys(database.url, { count: 2, months: 1 });
      const scene = { key: keys[0]!, owner: await makeAccount(), stranger: await makeAccount() };
      // The owner has a running subscription, which a kept key can follow.
      await redeemShown({ key: keys[1]!, accountId: scene.owner }, { now });
      await states[state]!(scene);
      const [first, second] = [await verbs[one]!(scene), await verbs[other]!(scene)];
      await Promise.all([first(), second()]);
      await expectSound(scene, `${state}: ${one} and ${other}`);
    }
  });
});
