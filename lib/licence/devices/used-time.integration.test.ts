import { describe, expect, it } from "vitest";
import { readLedger } from "@/lib/licence/ledger";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import { releaseDevice } from "@/lib/licence/devices/release-device";
import { findMove, moveKey } from "@/lib/licence/move-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { withTestDatabase } from "@/lib/testing/database";
import { activated, aDevice, makeAccount, makeKeys } from "@/lib/testing/factories";
import { inEveryOrder } from "@/lib/testing/interleave";
import { redeemShown } from "@/lib/testing/redeem";

/* An activation is undone or moved only while no device has used its time: 23 hours could be used again and again. */

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const HOUR = 3_600_000;
const later = (hours: number) => new Date(now.getTime() + hours * HOUR);
const person = () => makeAccount({ emailVerifiedAt: now });

async function redeemed(accountId: string, at = now) {
  const key = (await makeKeys(database.url)).keys[0]!;
  const answer = await redeemShown({ key, accountId }, { now: at });
  if (answer.status !== "activated") throw new Error(answer.status);
  return answer;
}

type Owned = { grantId: string; accountId: string };

async function undoShown(owned: Owned, at: Date) {
  const shown = await findUndo(owned, { now: at });
  return undoRedemption({ ...owned, shownEnd: shown?.endsAfter?.toISOString() ?? "" }, { now: at });
}

async function moveShown({ grantId: id, accountId: from }: Owned, at: Date) {
  const to = await person();
  const shown = await findMove({ id, accountId: from }, { now: at });
  return moveKey({ id, from, to, offeredAt: at, shownEnd: shown?.ends?.after?.toISOString() ?? "" }, { now: at });
}

/** What My Subscription offers for each grant. */
const offers = async (accountId: string, at: Date) =>
  (await getHoldings({ accountId, timeZone: "UTC" }, { now: at })).subscriptions.flatMap(({ grants }) =>
    grants.map(({ undoUntil, canMove }) => ({ undo: undoUntil !== null, move: canMove })),
  );

describe("time that a device used", () => {
  it.each([
    ["while it holds a seat", false],
    ["after it was released", true],
  ])("is neither undone nor moved %s", async (_when, isReleased) => {
    const accountId = await person();
    const { grantId, subscriptionId } = await redeemed(accountId);
    expect(await offers(accountId, later(1))).toEqual([{ undo: true, move: true }]);
    const { activation } = await activated({ accountId, subscriptionId }, { now: later(1) });
    if (isReleased) await releaseDevice({ accountId, activationId: activation.id }, { now: later(2) });
    expect(await offers(accountId, later(3))).toEqual([{ undo: false, move: false }]);
    expect(await findUndo({ grantId, accountId }, { now: later(3) })).toMatchObject({ isUsed: true });
    expect(await undoShown({ grantId, accountId }, later(3))).toEqual({ status: "notPossible" });
    expect(await moveShown({ grantId, accountId }, later(3))).toEqual({ status: "notPossible" });
  });

  it("does not hold a key whose days have not begun", async () => {
    const accountId = await person();
    const first = await redeemed(accountId);
    await activated({ accountId, subscriptionId: first.subscriptionId }, { now: later(1) });
    const second = await redeemed(accountId, later(2));
    const third = await redeemed(accountId, later(2));
    expect(new Set([first, second, third].map(({ subscriptionId }) => subscriptionId)).size).toBe(1);
    const unused = { undo: true, move: true };
    expect(await offers(accountId, later(3))).toEqual([{ undo: false, move: false }, unused, unused]);
    expect(await undoShown({ grantId: second.grantId, accountId }, later(3))).toMatchObject({ status: "undone" });
    expect(await moveShown({ grantId: third.grantId, accountId }, later(40))).toEqual({ status: "moved" });
  });

  it("of another subscription does not count", async () => {
    const accountId = await person();
    const { grantId, subscriptionId } = await redeemed(accountId);
    const stranger = await person();
    const other = await redeemed(stranger);
    await activated({ accountId: stranger, subscriptionId: other.subscriptionId }, { now });
    expect(subscriptionId).not.toBe(other.subscriptionId);
    expect(await undoShown({ grantId, accountId }, later(1))).toMatchObject({ status: "undone" });
  });

  it("of a device that left before the days began does not count", async () => {
    const accountId = await person();
    const first = await redeemed(accountId);
    const { activation } = await activated({ accountId, subscriptionId: first.subscriptionId }, { now });
    await releaseDevice({ accountId, activationId: activation.id }, { now: later(1) });
    const { endsAt } = (await readLedger(accountId))[0]!;
    const almost = new Date(endsAt.getTime() - HOUR);
    const second = await redeemed(accountId, almost);
    expect(second.subscriptionId).toBe(first.subscriptionId);
    const begun = new Date(endsAt.getTime() + HOUR);
    expect(await undoShown({ grantId: second.grantId, accountId }, begun)).toMatchObject({ status: "undone" });
  });
});

describe("a device that takes a seat at the moment of the undoing, in every order of their statements", () => {
  it.each(["undo", "move"] as const)("either uses the time or finds it gone: never both (%s)", async (what) => {
    const runs = await inEveryOrder(database.url, async () => {
      const accountId = await person();
      const { grantId, subscriptionId } = await redeemed(accountId);
      const at = later(1);
      const to = await person();
      const answers: { taken?: string; used?: string } = {};
      const undoing = () => undoRedemption({ grantId, accountId, shownEnd: "" }, { now: at });
      const moving = () => moveKey({ id: grantId, from: accountId, to, offeredAt: at, shownEnd: "" }, { now: at });
      return {
        tasks: [
          async () => void (answers.taken = (await (what === "undo" ? undoing() : moving())).status),
          async () => {
            const given = await activateDevice({ accountId, subscriptionId, device: aDevice() }, { now: at });
            answers.used = given.status;
          },
        ],
        after: async (order) => {
          const done = what === "undo" ? "undone" : "moved";
          expect([`${done}, notRunning`, "notPossible, activated"], order).toContain(
            `${answers.taken}, ${answers.used}`,
          );
        },
      };
    });
    expect(runs).toBeGreaterThan(3);
  });
});
