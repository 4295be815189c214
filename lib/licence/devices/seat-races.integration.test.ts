import { sql } from "drizzle-orm";
import { afterAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import { moveDevices } from "@/lib/licence/devices/move-devices";
import { releaseDevice } from "@/lib/licence/devices/release-device";
import { replaceDevice } from "@/lib/licence/devices/replace-device";
import { withTestDatabase } from "@/lib/testing/database";
import { activated, aDevice, makeAccount, makeSubscription } from "@/lib/testing/factories";
import { inEveryOrder } from "@/lib/testing/interleave";

/* What several devices, browsers and operators do at once to the seats of one account. */

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const person = () => makeAccount({ emailVerifiedAt: now });
const SEATS = 5;

/** A person with a subscription for five devices, of which some are taken, and an empty one for one device. */
async function household(taken: number) {
  const accountId = await person();
  const subscriptionId = await makeSubscription(database.url, { accountId }, { now });
  const devices = [];
  for (let at = 0; at < taken; at++) devices.push(await activated({ accountId, subscriptionId }, { now }));
  return { accountId, subscriptionId, devices };
}

type Household = Awaited<ReturnType<typeof household>>;

const setSeats = (seats: number) =>
  db().execute(sql`UPDATE product SET seats = ${seats} WHERE code = 'norton-360-deluxe'`);

/** Live activations of a subscription, and how many devices they are of. */
async function countLive(subscriptionId: string) {
  const { rows } = await db().execute<{ live: number; devices: number; events: number }>(sql`
    SELECT count(*) FILTER (WHERE a.released_at IS NULL)::int AS live,
           count(DISTINCT a.device_id) FILTER (WHERE a.released_at IS NULL)::int AS devices,
           (SELECT count(*)::int FROM event e JOIN subscription s ON s.account_id = e.account_id
             WHERE s.id = ${subscriptionId} AND e.action IN ('device.activated', 'device.moved', 'device.replaced')) AS events
      FROM activation a WHERE a.subscription_id = ${subscriptionId}`);
  return rows[0]!;
}

describe("fifty at once (S25)", () => {
  it("fifty devices for five seats: exactly five get one, and the others are told which", async () => {
    const { accountId, subscriptionId } = await household(0);
    const activate = () => activateDevice({ accountId, subscriptionId, device: aDevice() }, { now });
    const answers = await Promise.all(Array.from({ length: 50 }, activate));
    expect(answers.filter(({ status }) => status === "activated")).toHaveLength(SEATS);
    const full = answers.flatMap((answer) => (answer.status === "full" ? [answer.devices.length] : []));
    expect(full).toEqual(Array.from({ length: 45 }, () => SEATS));
    expect(await countLive(subscriptionId)).toEqual({ live: SEATS, devices: SEATS, events: SEATS });
  });

  it("one device fifty times: one seat and one event", async () => {
    const { accountId, subscriptionId } = await household(0);
    const device = aDevice();
    const activate = () => activateDevice({ accountId, subscriptionId, device }, { now });
    const answers = await Promise.all(Array.from({ length: 50 }, activate));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await countLive(subscriptionId)).toEqual({ live: 1, devices: 1, events: 1 });
  });

  it("fifty accounts, two devices each: none disturbs another", { timeout: 60_000 }, async () => {
    const houses = await Promise.all(Array.from({ length: 50 }, () => household(4)));
    const answers = await Promise.all(
      houses.flatMap(({ accountId, subscriptionId }) =>
        [0, 1].map(() => activateDevice({ accountId, subscriptionId, device: aDevice() }, { now })),
      ),
    );
    for (const status of ["activated", "full"])
      expect(answers.filter((answer) => answer.status === status)).toHaveLength(50);
    for (const { subscriptionId } of houses)
      expect(await countLive(subscriptionId)).toEqual({ live: SEATS, devices: SEATS, events: SEATS });
  });

  it("one device in two subscriptions at once: it holds one seat", async () => {
    const { accountId, subscriptionId } = await household(0);
    const other = await makeSubscription(database.url, { accountId }, { now });
    const device = aDevice();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        activateDevice({ accountId, subscriptionId: at % 2 ? subscriptionId : other, device }, { now }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["activated"]));
    const live = await Promise.all([subscriptionId, other].map(countLive));
    expect(live[0]!.live + live[1]!.live).toBe(1);
  });
});

/** Seats of a subscription in the orders below: few, so that each order is prepared fast. */
const FEW = 2;

/** What can happen to a subscription whose last seat is free, or whose seats are all taken. */
const verbs = {
  activate: ({ accountId, subscriptionId }) =>
    activateDevice({ accountId, subscriptionId, device: aDevice() }, { now }),
  replace: ({ accountId, devices }) =>
    replaceDevice({ accountId, activationId: devices[0]!.activation.id, device: aDevice() }, { now }),
  release: ({ accountId, devices }) => releaseDevice({ accountId, activationId: devices[0]!.activation.id }, { now }),
  "move all": ({ accountId, subscriptionId }) => moveDevices({ accountId, subscriptionId }, { now }),
  shrink: () => setSeats(1),
} satisfies Record<string, (house: Household) => Promise<unknown>>;

const names = Object.keys(verbs) as (keyof typeof verbs)[];
const pairs = names.flatMap((one, index) => names.slice(index).map((other) => ({ one, other })));

let orders = 0;
afterAll(() => void process.stdout.write(`    ${orders} orders\n`));

describe("two things at once to the last seat, in every order of their statements", () => {
  it.each(pairs)("$one and $other: never more devices than seats, and no device twice", async ({ one, other }) => {
    for (const taken of [FEW - 1, FEW])
      orders += await inEveryOrder(database.url, async () => {
        await setSeats(FEW);
        const house = await household(taken);
        if ([one, other].includes("move all")) await beside(house);
        return {
          tasks: [() => verbs[one](house), () => verbs[other](house)],
          after: async (order) => {
            const what = `${taken} taken: ${one} and ${other}, ${order}`;
            const { live, devices } = await countLive(house.subscriptionId);
            expect(live, what).toBeLessThanOrEqual(FEW);
            expect(devices, what).toBe(live);
            // Only a release frees a seat.
            const released = [one, other].includes("release") ? 1 : 0;
            expect(live, what).toBeGreaterThanOrEqual(taken - released);
          },
        };
      });
    await setSeats(SEATS);
  });
});

/** Another subscription of the house with two devices. */
async function beside({ accountId }: Household) {
  const other = await makeSubscription(database.url, { accountId, months: 1 }, { now });
  for (let at = 0; at < 2; at++) await activated({ accountId, subscriptionId: other }, { now });
}
