import { randomInt } from "node:crypto";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { env } from "@/lib/env";
import { OPEN_END } from "@/lib/licence/coverage";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import { findDevice } from "@/lib/licence/devices/find-device";
import { releaseDevice } from "@/lib/licence/devices/release-device";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { changeLease } from "@/lib/licence/leases/change-lease";
import { leaseChanges, type LeaseChange } from "@/lib/licence/leases/change-lease";
import { type LeaseState } from "@/lib/licence/sources/lease";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { findMove, moveKey } from "@/lib/licence/move-key";
import { previewKey } from "@/lib/licence/preview-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { startDueKeys, startKeptKey } from "@/lib/licence/start-kept-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { withTestDatabase } from "@/lib/testing/database";
import { aDevice, makeAccount, makeCodes, makeKeys } from "@/lib/testing/factories";

/*
 * Anything that people, operators and partners do with keys and leases, in any order, beside a small model of what should happen. After every
 * step the model and the database say the same, and no day is lost or counted twice.
 */

const database = withTestDatabase();
const lookupSecret = env().secrets.lookup;

const DAY = 86_400_000;
/** Each key gives this many days, so that days can be counted without a calendar. */
const TERM = 30;
const [KEYS, CODES, PEOPLE] = [5, 2, 2];
/** Fewer seats than a person has devices. */
const [SEATS, DEVICES] = [2, 4];

/** `key`: null for a running period of a lease. */
type ModelGrant = { key: number | null; at: number; undone: number | null; cut: number | null };
type ModelSubscription = { owner: number; grants: ModelGrant[]; end: number; isLease: boolean };
type ModelLease = { state: LeaseState; subscription: ModelSubscription };
type ModelKey = {
  state: "issued" | "kept" | "redeemed";
  owner: number | null;
  voided: boolean;
  kept: number;
  itself: boolean;
  /** For how long its undone activations lasted, by owner: each for an hour at least. */
  undoneFor: number[];
};
/** A device's time on a seat. `to`: null while it holds it. */
type ModelActivation = { owner: number; device: number; subscription: ModelSubscription; to: number | null };
type Model = {
  now: number;
  keys: ModelKey[];
  leases: (ModelLease | null)[];
  subscriptions: ModelSubscription[];
  activations: ModelActivation[];
};

/** `devices`: those of each person. */
type Real = { keys: string[]; codes: string[]; partnerId: string; people: string[]; devices: DeviceInfo[][] };

/** What a subscription covers, by the rules in one sentence: a grant starts when given, or where the one before it ends. */
function covered({ grants }: ModelSubscription): { grant: ModelGrant; from: number; to: number }[] {
  const parts: { grant: ModelGrant; from: number; to: number }[] = [];
  for (const grant of grants.filter(({ undone }) => undone === null)) {
    const from = Math.max(grant.at, parts.at(-1)?.to ?? -Infinity);
    const whole = grant.key === null ? OPEN_END.getTime() : from + TERM * DAY;
    const to = Math.min(whole, grant.cut ?? Infinity);
    if (to > from) parts.push({ grant, from, to });
  }
  return parts;
}

const project = (subscription: ModelSubscription, now: number) =>
  (subscription.end = covered(subscription).at(-1)?.to ?? now);

const ofOwner = ({ subscriptions }: Model, owner: number) => subscriptions.filter((one) => one.owner === owner);

/** The one that ends last, the older one of two. */
const longest = (subscriptions: ModelSubscription[]) =>
  subscriptions.reduce<ModelSubscription | undefined>(
    (best, one) => (best && best.end >= one.end ? best : one),
    undefined,
  );

/** What runs for an account: its own subscription that ends last, and whether a lease does. */
function running(model: Model, owner: number) {
  const all = ofOwner(model, owner).filter(({ end }) => end > model.now);
  return { own: longest(all.filter(({ isLease }) => !isLease)), isLeased: all.some(({ isLease }) => isLease) };
}

/** Gives a key's term to a subscription, or to a new one. */
function give(model: Model, key: number, owner: number, into: ModelSubscription | undefined, at = model.now) {
  const grant: ModelGrant = { key, at, undone: null, cut: null };
  const subscription = into ?? { owner, grants: [], end: 0, isLease: false };
  if (!into) model.subscriptions.push(subscription);
  subscription.grants.push(grant);
  // The ledger is read in the order in which grants were given.
  subscription.grants.sort((a, b) => a.at - b.at);
  project(subscription, model.now);
  Object.assign(model.keys[key]!, { state: "redeemed", owner, itself: false });
}

const liveGrant = ({ subscriptions }: Model, key: number) => {
  for (const subscription of subscriptions) {
    const grant = subscription.grants.find((one) => one.key === key && one.undone === null);
    if (grant) return { subscription, grant };
  }
  return undefined;
};

/** Takes a key's activation back. */
function takeBack(model: Model, key: number, { subscription, grant }: NonNullable<ReturnType<typeof liveGrant>>) {
  grant.undone = model.now;
  model.keys[key]!.undoneFor[subscription.owner]! += Math.max(DAY / 24, model.now - grant.at);
  project(subscription, model.now);
}

/** Until when an activation can be taken back: after a day in all activations of the key by its owner. */
const undoUntil = ({ keys }: Model, key: number, { subscription, grant }: NonNullable<ReturnType<typeof liveGrant>>) =>
  grant.at + Math.max(0, DAY - keys[key]!.undoneFor[subscription.owner]!);

const liveOn = ({ activations }: Model, subscription: ModelSubscription) =>
  activations.filter((one) => one.subscription === subscription && one.to === null);

/** When a grant's days begin, and whether a device used them: it held a seat after they had begun. */
function useOf(model: Model, { subscription, grant }: { subscription: ModelSubscription; grant: ModelGrant }) {
  const begins = covered(subscription).find((part) => part.grant === grant)?.from;
  const ofIt = model.activations.filter((one) => one.subscription === subscription);
  const begun = begins !== undefined && begins <= model.now;
  return { begins, isUsed: begun && ofIt.some(({ to }) => (to ?? Infinity) > begins) };
}

/** What an account may do with a key, in the order of refusals. */
function verdict({ keys }: Model, key: number, who: number): string {
  const { state, owner, voided } = keys[key]!;
  if (voided) return "withdrawn";
  if (state !== "issued" && owner !== who) return "usedByAnother";
  return state === "redeemed" ? "alreadyYours" : "usable";
}

/** Compares the database with the model. */
async function check(model: Model, real: Real): Promise<void> {
  const { rows } = await db().execute<{ at: number; state: string; owner: number; voided: boolean; live: number }>(sql`
    SELECT array_position(${sql.param(real.keys.map((key) => lookupDigest(key)))}::bytea[], k.lookup) - 1 AS at,
           k.state, array_position(${sql.param(real.people)}::uuid[], k.account_id) - 1 AS owner,
           k.voided_at IS NOT NULL AS voided,
           (SELECT count(*)::int FROM grant_entry g WHERE g.key_id = k.id AND g.undone_at IS NULL) AS live
      FROM product_key k
     WHERE k.lookup = ANY(${sql.param(real.keys.map((key) => lookupDigest(key)))}::bytea[])`);
  for (const { at, ...row } of rows) {
    const { state, owner, voided } = model.keys[at]!;
    expect(row).toEqual({ state, owner, voided, live: liveGrant(model, at) ? 1 : 0 });
  }
  const { rows: leases } = await db().execute<{ at: number; state: string; open: number }>(sql`
    SELECT array_position(${sql.param(real.codes.map((code) => lookupDigest(code)))}::bytea[], c.lookup) - 1 AS at, l.state,
           (SELECT count(*)::int FROM grant_entry g
             WHERE g.lease_id = l.id AND NOT EXISTS (SELECT FROM grant_amendment m WHERE m.grant_id = g.id)) AS open
      FROM lease l JOIN partner_code c ON c.id = l.code_id
     WHERE c.lookup = ANY(${sql.param(real.codes.map((code) => lookupDigest(code)))}::bytea[]) ORDER BY 1`);
  expect(leases).toEqual(
    [...model.leases.entries()].flatMap(([at, lease]) =>
      lease ? { at, state: lease.state, open: lease.state === "running" ? 1 : 0 } : [],
    ),
  );
  for (const [who, accountId] of real.people.entries()) {
    const { rows: seats } = await db().execute<{ live: number }>(sql`
      SELECT count(a.id)::int AS live FROM subscription s
        LEFT JOIN activation a ON a.subscription_id = s.id AND a.released_at IS NULL
       WHERE s.account_id = ${accountId} GROUP BY s.id ORDER BY s.created_at`);
    expect(seats.map(({ live }) => live)).toEqual(ofOwner(model, who).map((one) => liveOn(model, one).length));
    expect(Math.max(0, ...seats.map(({ live }) => live)), "devices on seats").toBeLessThanOrEqual(SEATS);
    const { subscriptions } = await getHoldings({ accountId, timeZone: "Europe/Paris" }, { now: new Date(model.now) });
    const standing = ofOwner(model, who).filter(({ grants }) => grants.some(({ undone }) => undone === null));
    const shape = (parts: { from: number; to: number }[], end: number) => JSON.stringify([parts, end]);
    const expected = standing.map((one) =>
      shape(
        covered(one).map(({ from, to }) => ({ from, to })),
        one.end,
      ),
    );
    const stored = subscriptions.map(({ grants, endsAt, history }) => {
      expect(history.at(-1)!.endsAt ?? endsAt, "the ledger's last end").toEqual(endsAt);
      const parts = grants
        .flatMap(({ part }) => part ?? [])
        .map(({ startsAt, endsAt: to }) => ({ from: startsAt.getTime(), to: to.getTime() }))
        .sort((a, b) => a.from - b.from);
      for (const [index, { to }] of parts.entries()) expect(to).toBeLessThanOrEqual(parts[index + 1]?.from ?? Infinity);
      return shape(parts, endsAt.getTime());
    });
    expect(stored.sort()).toEqual(expected.sort());
    // Days given = days covered + days taken back by withdrawals.
    for (const { grants } of subscriptions)
      for (const { part, source, undoneAt } of grants)
        if (source.kind === "key" && !undoneAt && !source.withdrawnAt)
          expect(part && part.endsAt.getTime() - part.startsAt.getTime()).toBe(TERM * DAY);
  }
}

type Command = fc.AsyncCommand<Model, Real>;
const command = (name: string, run: (model: Model, real: Real, now: Date) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real, new Date(model.now));
    await check(model, real);
    steps += 1;
  },
  toString: () => name,
});
let steps = 0;

const redeem = (key: number, who: number, beside: boolean) =>
  command(`redeem(${key}, ${who}${beside ? ", beside" : ""})`, async (model, real, now) => {
    const attempt = { key: real.keys[key]!, accountId: real.people[who]!, network: null };
    const expected = verdict(model, key, who);
    const preview = await previewKey(attempt, { now });
    if (expected === "alreadyYours") return expect(preview.status).toBe("alreadyYours");
    if (expected !== "usable") return expect(preview).toMatchObject({ status: "refused", reason: expected });
    if (preview.status !== "ready") throw new Error(preview.status);
    const { own, isLeased } = running(model, who);
    const choice = own && !beside ? "extend" : own || isLeased ? "add" : "start";
    expect(preview.choices[0].kind === "keep").toBe(isLeased && model.keys[key]!.state === "issued");
    const answer = await redeemKey({ ...attempt, choice, previewVersion: preview.version }, { now });
    expect(answer.status).toBe("activated");
    give(model, key, who, choice === "extend" ? own : undefined);
  });

const keep = (key: number, who: number, itself: boolean) =>
  command(`keep(${key}, ${who}${itself ? ", itself" : ""})`, async (model, real, now) => {
    const attempt = { key: real.keys[key]!, accountId: real.people[who]!, network: null, startsItself: itself };
    const answer = await keepKey(attempt, { now });
    const expected = verdict(model, key, who);
    if (expected === "alreadyYours") return expect(answer.status).toBe("alreadyYours");
    if (expected !== "usable") return expect(answer).toMatchObject({ status: "refused", reason: expected });
    expect(answer.status).toBe("kept");
    const before = model.keys[key]!;
    const isNew = before.kept === 0 || (itself && !before.itself);
    Object.assign(before, { state: "kept", owner: who, itself, kept: isNew ? model.now : before.kept });
  });

const start = (key: number) =>
  command(`start(${key})`, async (model, real, now) => {
    const { state, owner, voided } = model.keys[key]!;
    if (state !== "kept") return;
    const accountId = real.people[owner!]!;
    const kept = (await getHoldings({ accountId, timeZone: "Europe/Paris" }, { now })).kept;
    const view = kept.find(({ hint }) => real.keys[key]!.endsWith(hint))!;
    const answer = await startKeptKey({ keptId: view.id, accountId, previewVersion: view.version }, { now });
    expect(answer.status).toBe(voided ? "notPossible" : "activated");
    if (!voided) give(model, key, owner!, running(model, owner!).own);
  });

const undo = (key: number) =>
  command(`undo(${key})`, async (model, real, now) => {
    const live = liveGrant(model, key);
    if (!live) return;
    const { owner, voided } = model.keys[key]!;
    const accountId = real.people[owner!]!;
    const { rows } = await db().execute<{ id: string }>(sql`
      SELECT g.id FROM grant_entry g JOIN product_key k ON k.id = g.key_id
       WHERE k.lookup = ${lookupDigest(real.keys[key]!)} AND g.undone_at IS NULL`);
    const grantId = rows[0]!.id;
    const found = await findUndo({ grantId, accountId }, { now });
    const shownEnd = found?.endsAfter?.toISOString() ?? "";
    const answer = await undoRedemption({ grantId, accountId, shownEnd }, { now });
    const isPossible = !voided && model.now < undoUntil(model, key, live) && !useOf(model, live).isUsed;
    expect(answer.status).toBe(isPossible ? "undone" : "notPossible");
    if (!isPossible) return;
    takeBack(model, key, live);
    Object.assign(model.keys[key]!, { state: "kept", kept: model.now, itself: false });
  });

/** A key is moved while none of its days is used. An activation is taken back first. */
const move = (key: number, to: number) =>
  command(`move(${key}, ${to})`, async (model, real, now) => {
    const { owner, voided, state } = model.keys[key]!;
    if (owner === null || owner === to) return;
    const accountId = real.people[owner]!;
    const { rows } = await db().execute<{ id: string }>(sql`
      SELECT coalesce(g.id, k.kept_id) AS id FROM product_key k
        LEFT JOIN grant_entry g ON g.key_id = k.id AND g.undone_at IS NULL
       WHERE k.lookup = ${lookupDigest(real.keys[key]!)}`);
    const { id } = rows[0]!;
    const found = await findMove({ id, accountId }, { now });
    const shownEnd = found?.ends?.after?.toISOString() ?? "";
    const asked = { id, from: accountId, to: real.people[to]!, offeredAt: now, shownEnd };
    const live = liveGrant(model, key);
    const { begins, isUsed } = live ? useOf(model, live) : {};
    const isUnused =
      !live || (model.now < undoUntil(model, key, live) && !isUsed) || (begins !== undefined && begins > model.now);
    const isPossible = !voided && (state === "kept" || isUnused);
    expect((await moveKey(asked, { now })).status).toBe(isPossible ? "moved" : "notPossible");
    if (!isPossible) return;
    if (live) takeBack(model, key, live);
    Object.assign(model.keys[key]!, { state: "kept", owner: to, kept: model.now, itself: false });
  });

const withdraw = (key: number) =>
  command(`withdraw(${key})`, async (model, real, now) => {
    const answer = await voidKey({ key: real.keys[key]!, reason: "refunded" }, { now, lookupSecret });
    const seen = model.keys[key]!;
    expect(answer.status).toBe(seen.voided ? "alreadyVoid" : seen.owner === null ? "voided" : "voidedAndEnded");
    const live = seen.voided ? undefined : liveGrant(model, key);
    seen.voided = true;
    if (!live) return;
    live.grant.cut = model.now;
    project(live.subscription, model.now);
  });

const restore = (key: number) =>
  command(`restore(${key})`, async (model, real, now) => {
    const answer = await restoreKey({ key: real.keys[key]!, reason: "mistake" }, { now, lookupSecret });
    const seen = model.keys[key]!;
    expect(answer.status).toBe(seen.voided ? "restored" : "notVoid");
    const live = seen.voided && liveGrant(model, key);
    if (seen.voided && seen.itself) seen.kept = model.now;
    seen.voided = false;
    if (!live) return;
    live.grant.cut = null;
    project(live.subscription, model.now);
  });

const lease = (code: number, who: number) =>
  command(`lease(${code}, ${who})`, async (model, real, now) => {
    const asked = { code: real.codes[code]!, accountId: real.people[who]!, network: null };
    const answer = await redeemCode(asked, { now });
    const before = model.leases[code];
    if (before?.subscription.owner === who) return expect(answer.status).toBe("alreadyYours");
    if (before) return expect(answer).toMatchObject({ status: "refused", reason: "usedByAnother" });
    expect(answer.status).toBe("activated");
    const grants = [{ key: null, at: model.now, undone: null, cut: null }];
    const subscription = { owner: who, grants, end: OPEN_END.getTime(), isLease: true };
    model.subscriptions.push(subscription);
    model.leases[code] = { state: "running", subscription };
  });

const change = (code: number, what: LeaseChange) =>
  command(`${what}(${code})`, async (model, real, now) => {
    const seen = model.leases[code];
    if (!seen) return;
    const { rows } = await db().execute<{ id: string }>(sql`
      SELECT l.id FROM lease l JOIN partner_code c ON c.id = l.code_id
       WHERE c.lookup = ${lookupDigest(real.codes[code]!)}`);
    const asked = { leaseId: rows[0]!.id, partnerId: real.partnerId, change: what };
    const answer = await transaction((tx) => changeLease(tx, asked, { now, actor: "partner" }));
    const state = ({ suspend: "suspended", resume: "running", end: "ended" } as const)[what];
    if (seen.state === state) return expect(answer.status).toBe("unchanged");
    if (seen.state === "ended") return expect(answer.status).toBe("ended");
    expect(answer.status).toBe("changed");
    const { grants } = seen.subscription;
    if (state === "running") grants.push({ key: null, at: model.now, undone: null, cut: null });
    else grants.at(-1)!.cut ??= model.now;
    seen.state = state;
    project(seen.subscription, model.now);
  });

const activate = (who: number, nth: number, device: number) =>
  command(`activate(${who}, ${nth}, ${device})`, async (model, real, now) => {
    const accountId = real.people[who]!;
    const { rows } = await db().execute<{ id: string }>(
      sql`SELECT id FROM subscription WHERE account_id = ${accountId} ORDER BY created_at`,
    );
    if (rows.length === 0) return;
    const at = nth % rows.length;
    const subscription = ofOwner(model, who)[at]!;
    const asked = { accountId, subscriptionId: rows[at]!.id, device: real.devices[who]![device]! };
    const { status } = await activateDevice(asked, { now });
    if (subscription.end <= model.now) return expect(status).toBe("notRunning");
    const live = liveOn(model, subscription);
    if (live.some((one) => one.device === device)) return expect(status).toBe("activated");
    if (live.length === SEATS) return expect(status).toBe("full");
    expect(status).toBe("activated");
    endActivations(model, who, device);
    model.activations.push({ owner: who, device, subscription, to: null });
  });

const release = (who: number, device: number) =>
  command(`release(${who}, ${device})`, async (model, real, now) => {
    const accountId = real.people[who]!;
    const { installId } = real.devices[who]![device]!;
    const found = await findDevice({ accountId, installId }, { now });
    if (!found?.activation) return;
    await releaseDevice({ accountId, activationId: found.activation.id }, { now });
    endActivations(model, who, device);
  });

function endActivations({ activations, now }: Model, who: number, device: number): void {
  for (const one of activations) if (one.owner === who && one.device === device) one.to ??= now;
}

const pass = (days: number) =>
  command(`pass(${days})`, async (model) => {
    model.now += Math.round(days * DAY);
  });

/** Two servers notice at once which keys start by themselves, perhaps late. */
const tick = () =>
  command("tick", async (model, _real, now) => {
    await Promise.all([startDueKeys({ now }), startDueKeys({ now })]);
    for (let started = true; started;) {
      started = false;
      const due = [...model.keys.entries()]
        .filter(([, { state, itself, voided }]) => state === "kept" && itself && !voided)
        .sort(([a, one], [b, other]) => one.kept - other.kept || a - b);
      for (const [key, { owner, kept }] of due) {
        const last = longest(ofOwner(model, owner!));
        if (!last || last.end > model.now) continue;
        const changes = last.grants.flatMap(({ undone, cut }) => [undone ?? 0, cut ?? 0]);
        // After a lease a new subscription begins.
        give(model, key, owner!, last.isLease ? undefined : last, Math.max(last.end, kept, ...changes));
        started = true;
      }
    }
  });

it(
  "whatever is done with keys, leases and devices in any order, each key gives its days once, and no seat is taken twice",
  { timeout: 180_000 },
  async () => {
    const seed = randomInt(2 ** 31);
    await db().execute(sql`UPDATE product SET seats = ${SEATS}`);
    const key = fc.nat(KEYS - 1);
    const code = fc.nat(CODES - 1);
    const who = fc.nat(PEOPLE - 1);
    const commands = fc.commands(
      [
        fc.tuple(key, who, fc.boolean()).map(([one, person, beside]) => redeem(one, person, beside)),
        fc.tuple(key, who, fc.boolean()).map(([one, person, itself]) => keep(one, person, itself)),
        fc.tuple(code, who).map(([one, person]) => lease(one, person)),
        fc.tuple(code, fc.constantFrom(...leaseChanges)).map(([one, what]) => change(one, what)),
        key.map(start),
        key.map(undo),
        fc.tuple(key, who).map(([one, person]) => move(one, person)),
        key.map(withdraw),
        key.map(restore),
        fc.tuple(who, fc.nat(9), fc.nat(DEVICES - 1)).map(([one, nth, device]) => activate(one, nth, device)),
        fc.tuple(who, fc.nat(DEVICES - 1)).map(([one, device]) => release(one, device)),
        fc.constantFrom(0.1, 0.5, 1, 7, 29.5, 45).map(pass),
        fc.constant(tick()),
      ],
      { maxCommands: 60, size: "max" },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (given) => {
        const people = await Promise.all(
          Array.from({ length: PEOPLE }, () => makeAccount({ emailVerifiedAt: new Date() })),
        );
        const { keys } = await makeKeys(database.url, { count: KEYS, months: 0, days: TERM });
        const { partner, codes } = await makeCodes(database.url, { count: CODES });
        await fc.asyncModelRun(
          () => ({
            model: {
              now: Date.UTC(2026, 10, 23, 14, 5),
              keys: keys.map((): ModelKey => ({
                state: "issued",
                owner: null,
                voided: false,
                kept: 0,
                itself: false,
                undoneFor: Array.from({ length: PEOPLE }, () => 0),
              })),
              leases: codes.map(() => null),
              subscriptions: [],
              activations: [],
            },
            real: {
              ...{ keys, codes, partnerId: partner.id, people },
              devices: people.map(() => Array.from({ length: DEVICES }, () => aDevice())),
            },
          }),
          given,
        );
      }),
      { numRuns: 100, seed },
    );
    process.stdout.write(`    ${steps} steps, seed ${seed}\n`);
  },
);
