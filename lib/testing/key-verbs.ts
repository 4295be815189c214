import "server-only";
import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { foldCoverage } from "@/lib/licence/coverage";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger } from "@/lib/licence/ledger";
import { findMove, moveKey } from "@/lib/licence/move-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { startDueKeys, startKeptKey } from "@/lib/licence/start-kept-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown, showPreview } from "@/lib/testing/redeem";

/* What people, operators and the portal can do to one key, for tests that let two of these happen at once. */

const lookupSecret = env().secrets.lookup;
const now = new Date("2026-11-23T14:05:00Z");
const timeZone = "Europe/Paris";

export type Scene = { key: string; owner: string; stranger: string };
/** Prepares what a person was shown, and does it when it is called. */
export type Verb = (scene: Scene) => Promise<() => Promise<unknown>>;

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

export const verbs = {
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
  move: async ({ key, owner: from, stranger: to }) => {
    const { rows } = await db().execute<{ id: string; grantId: string | null }>(sql`
      SELECT k.kept_id AS id, g.id AS "grantId" FROM product_key k
        LEFT JOIN grant_entry g ON g.key_id = k.id AND g.undone_at IS NULL
       WHERE k.lookup = ${lookupDigest(key)}`);
    const id = rows[0]!.grantId ?? rows[0]!.id ?? crypto.randomUUID();
    const move = await findMove({ id, accountId: from }, { now });
    return () => moveKey({ id, from, to, offeredAt: now, shownEnd: move?.ends?.after?.toISOString() ?? "" }, { now });
  },
  withdraw:
    async ({ key }) =>
    () =>
      voidKey({ key, reason: "refunded" }, { now, lookupSecret }),
  restore:
    async ({ key }) =>
    () =>
      restoreKey({ key, reason: "mistake" }, { now, lookupSecret }),
} satisfies Record<string, Verb>;

/** Brings the key of a scene into a state. */
export const states = {
  issued: async () => {},
  kept: (scene) => keepKey({ ...attempt(scene, scene.owner), startsItself: true }, { now }),
  redeemed: (scene) => redeemShown(attempt(scene, scene.owner), { now }),
  withdrawn: async (scene) => {
    await redeemShown(attempt(scene, scene.owner), { now });
    await voidKey({ key: scene.key, reason: "refunded" }, { now, lookupSecret });
  },
} satisfies Record<string, (scene: Scene) => Promise<unknown>>;

export type VerbName = keyof typeof verbs;
export type StateName = keyof typeof states;

/** Makes a key and two people. The owner has a running subscription, which a kept key can follow. */
export async function makeScene(databaseUrl: string, state: StateName): Promise<Scene> {
  const { keys } = await makeKeys(databaseUrl, { count: 2, months: 1 });
  const person = () => makeAccount({ emailVerifiedAt: now });
  const scene = { key: keys[0]!, owner: await person(), stranger: await person() };
  await redeemShown({ key: keys[1]!, accountId: scene.owner }, { now });
  await states[state](scene);
  return scene;
}

/** One owner at most, one live grant at most, and the stored end is what the ledger gives. */
export async function expectSound({ key, owner, stranger }: Scene, what: string): Promise<void> {
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
