import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepKey } from "@/lib/licence/keep-key";
import { planKeys, redeemKeys, type Wish } from "@/lib/licence/plan-keys";
import { getHoldings } from "@/lib/licence/subscriptions";
import { addTerm } from "@/lib/licence/term";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const timeZone = "Europe/Paris";
const newKey = async (given = {}) => (await makeKeys(database.url, given)).keys[0]!;
const months = (count: number) => addTerm(now, { months: count, days: 0 });
const holdings = (accountId: string) => getHoldings({ accountId, timeZone }, { now });

type Asked = { keys: string[]; wishes?: (Wish | undefined)[]; accountId: string };

const plan = ({ wishes = [], ...asked }: Asked) => planKeys({ ...asked, wishes, network: null }, { now });

/** Shows a plan and does what it shows, as the page and its button do. */
async function doShown({ keys, wishes = [], accountId }: Asked) {
  const planned = await plan({ keys, wishes, accountId });
  const chosen = planned.map((one) => (one.status === "ready" ? (one.chosen?.kind ?? "leave") : undefined));
  const shown = planned.map((one) =>
    one.status === "ready" && one.chosen && one.chosen.kind !== "keep" ? one.chosen.endsAt : null,
  );
  const asked = { keys, wishes: chosen, shown, accountId, network: null, timeZone };
  return { shown, again: () => redeemKeys(asked, { now }), ...(await redeemKeys(asked, { now })) };
}

describe("several keys at once", () => {
  it("follow each other: each extends what the ones above it gave", async () => {
    const accountId = await makeAccount();
    const keys = [await newKey({ months: 12 }), await newKey({ months: 3 }), await newKey({ months: 6 })];
    const { status, shown } = await doShown({ keys, accountId });
    expect(status).toBe("done");
    expect(shown).toEqual([months(12), months(15), months(21)]);
    expect((await holdings(accountId)).subscriptions).toMatchObject([{ endsAt: months(21) }]);
  });

  it("are done as wished, and a left one stays unused", async () => {
    const accountId = await makeAccount();
    const keys = [await newKey(), await newKey({ months: 3 }), await newKey({ months: 6 }), await newKey()];
    const { status } = await doShown({ keys, wishes: ["leave", "start", "keep", "add"], accountId });
    expect(status).toBe("done");
    const { subscriptions, kept } = await holdings(accountId);
    expect(subscriptions.map(({ endsAt }) => endsAt)).toEqual([months(12), months(3)]);
    expect(kept).toMatchObject([{ term: { months: 6, days: 0 } }]);
    expect((await plan({ keys: [keys[0]!], accountId }))[0]!.status).toBe("ready");
  });

  it("fail one by one: what cannot be used is named, and the others are done", async () => {
    const accountId = await makeAccount();
    const [used, late, good] = [await newKey(), await newKey({ redeemBy: "2026-01-31" }), await newKey()];
    await redeemShown({ key: used, accountId: await makeAccount() }, { now });
    const keys = [used, late, good];
    expect((await doShown({ keys, accountId })).status).toBe("done");
    expect(
      (await plan({ keys, accountId })).map((one) => (one.status === "refused" ? one.reason : one.status)),
    ).toEqual(["usedByAnother", "expired", "alreadyYours"]);
  });

  it("spend nothing when one of them would give another day than shown", async () => {
    const accountId = await makeAccount();
    const keys = [await newKey({ months: 1 }), await newKey()];
    const shown = [months(1), months(13)];
    const asked = { keys, shown, accountId, network: null, timeZone };
    // Without the first, the second starts today.
    expect(await redeemKeys({ ...asked, wishes: ["leave", "extend"] }, { now })).toEqual({ status: "changed" });
    expect(await redeemKeys({ ...asked, wishes: ["leave", "start"] }, { now })).toEqual({ status: "changed" });
    expect(await redeemKeys({ ...asked, wishes: [undefined, undefined] }, { now })).toEqual({ status: "changed" });
    await redeemShown({ key: await newKey(), accountId }, { now });
    expect(await redeemKeys({ ...asked, wishes: ["start", "extend"] }, { now })).toEqual({ status: "changed" });
    const { subscriptions, kept } = await holdings(accountId);
    expect([subscriptions.length, kept.length]).toEqual([1, 0]);
  });

  it("are spent once, however often the request is repeated", async () => {
    const accountId = await makeAccount();
    const keys = [await newKey({ months: 12 }), await newKey({ months: 3 })];
    const { again } = await doShown({ keys, accountId });
    await Promise.all([again(), again(), again()]);
    expect((await holdings(accountId)).subscriptions).toMatchObject([{ endsAt: months(15) }]);
  });

  it("kept ones are kept once, also when the request is repeated, and the others keep their dates", async () => {
    const accountId = await makeAccount();
    const keys = [await newKey({ months: 6 }), await newKey({ months: 3 })];
    const { status, again } = await doShown({ keys, wishes: ["keep", "start"], accountId });
    expect([status, (await again()).status]).toEqual(["done", "done"]);
    const { subscriptions, kept } = await holdings(accountId);
    expect(subscriptions.map(({ endsAt }) => endsAt)).toEqual([months(3)]);
    expect(kept).toMatchObject([{ term: { months: 6, days: 0 } }]);
  });

  it("a kept one starts by itself when what runs then has ended, and by hand when nothing runs", async () => {
    const accountId = await makeAccount();
    const keys = [
      await newKey({ months: 3 }),
      await newKey({ months: 6 }),
      await newKey({ product: "norton-360-premium" }),
    ];
    await doShown({ keys, wishes: ["start", "keep", "keep"], accountId });
    expect((await holdings(accountId)).kept.map(({ startsAt }) => startsAt)).toEqual([months(3), null]);
    await redeemShown({ key: await newKey({ product: "norton-360-premium" }), accountId }, { now });
    expect((await holdings(accountId)).kept.map(({ startsAt }) => startsAt)).toEqual([months(3), null]);
  });

  it("a key kept before is started with the others", async () => {
    const accountId = await makeAccount();
    const kept = await newKey({ months: 2 });
    await keepKey({ key: kept, accountId, network: null, startsItself: false }, { now });
    const keys = [await newKey({ months: 1 }), kept];
    expect((await plan({ keys, accountId })).map((one) => one.status === "ready" && one.isKept)).toEqual([false, true]);
    await doShown({ keys, accountId });
    const { subscriptions, kept: left } = await holdings(accountId);
    expect(subscriptions).toMatchObject([{ endsAt: months(3) }]);
    expect(left).toEqual([]);
  });

  it("end on the days that were shown, whatever is wished of them", { timeout: 60_000 }, async () => {
    const wish = fc.constantFrom<Wish | undefined>("start", "extend", "add", "keep", "leave", undefined);
    const one = fc.record({ term: fc.constantFrom(1, 3, 12), premium: fc.boolean(), wish });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 4 }), async (given) => {
        const accountId = await makeAccount();
        const keys: string[] = [];
        for (const { term, premium } of given)
          keys.push(await newKey({ months: term, product: premium ? "norton-360-premium" : "norton-360-deluxe" }));
        const { status, shown } = await doShown({ keys, wishes: given.map((each) => each.wish), accountId });
        expect(status).toBe("done");
        const { subscriptions } = await holdings(accountId);
        const ends = subscriptions.flatMap(({ grants }) => grants.map(({ part }) => part!.endsAt.getTime()));
        expect(ends.sort()).toEqual(shown.flatMap((end) => end?.getTime() ?? []).sort());
      }),
      { numRuns: 25 },
    );
  });
});
