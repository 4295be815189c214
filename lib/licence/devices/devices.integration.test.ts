import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { activation } from "@/lib/db/schema/device";
import { causes } from "@/lib/db/unavailable";
import { event } from "@/lib/db/schema/event";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import { findDevice } from "@/lib/licence/devices/find-device";
import { listDevices } from "@/lib/licence/devices/list-devices";
import { moveDevices } from "@/lib/licence/devices/move-devices";
import { registerDevice } from "@/lib/licence/devices/register-device";
import { releaseDevice, releaseForSupport } from "@/lib/licence/devices/release-device";
import { replaceDevice } from "@/lib/licence/devices/replace-device";
import { sawDevice } from "@/lib/licence/devices/saw-device";
import { previewKey } from "@/lib/licence/preview-key";
import { withTestDatabase } from "@/lib/testing/database";
import { activated, aDevice, makeAccount, makeKeys, makeSubscription } from "@/lib/testing/factories";
import { showPreview } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const DAY = 86_400_000;
const later = (days: number) => new Date(now.getTime() + days * DAY);

const person = (given = {}) => makeAccount({ emailVerifiedAt: now, ...given });
const subscriptionOf = (accountId: string, given: { product?: "norton-360-standard"; months?: number } = {}) =>
  makeSubscription(database.url, { accountId, ...given }, { now });

/** A person with a subscription for five devices, of which some are taken. */
async function household(taken = 0) {
  const accountId = await person();
  const subscriptionId = await subscriptionOf(accountId);
  const owned = { accountId, subscriptionId };
  const devices = [];
  for (let at = 0; at < taken; at++)
    devices.push(await activated({ ...owned, device: aDevice({ name: `Phone ${at + 1}` }) }, { now }));
  return { ...owned, devices };
}

const actionsOf = async (accountId: string) =>
  (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id))
    .filter(({ action }) => action.startsWith("device."))
    .map(({ action, actor, subject }) => ({ action, actor, subject }));

const namesIn = async (accountId: string, at = now) =>
  (await listDevices({ accountId }, { now: at })).subscriptions.map(({ devices }) =>
    devices.map(({ device }) => device.name).sort(),
  );

const setSeats = (product: string, seats: number) =>
  db().execute(sql`UPDATE product SET seats = ${seats} WHERE code = ${product}`);

describe("activating a device", () => {
  it("gives it a seat of the subscription, and says so once", async () => {
    const { accountId, subscriptionId } = await household();
    const device = aDevice({ name: "Camille’s phone", model: null, system: "ios" });
    const given = await activateDevice({ accountId, subscriptionId, device }, { now });
    const { installId: _, ...described } = device;
    expect(given).toEqual({
      status: "activated",
      deviceId: expect.any(String),
      activation: {
        ...{ id: expect.any(String), subscriptionId, product: "norton-360-deluxe", activatedAt: now, lastSeenAt: now },
        ...{ device: { id: expect.any(String), ...described }, silent: false, duplicateOf: null },
      },
    });
    if (given.status !== "activated") return;
    expect(await actionsOf(accountId)).toEqual([
      { action: "device.activated", actor: "account", subject: given.activation.id },
    ]);
    const listed = await listDevices({ accountId }, { now });
    expect(listed.subscriptions).toMatchObject([{ subscription: { id: subscriptionId, seatsTaken: 1 } }]);
    expect(listed.subscriptions[0]!.devices).toEqual([given.activation]);
  });

  it("again keeps the seat and takes over its new name", async () => {
    const { accountId, subscriptionId, devices } = await household(1);
    const [first] = devices;
    const device = { ...first!.device, name: "Renamed" };
    const again = await activated({ accountId, subscriptionId, device }, { now: later(1) });
    expect(again.activation).toMatchObject({ id: first!.activation.id, activatedAt: now, lastSeenAt: later(1) });
    expect(await namesIn(accountId)).toEqual([["Renamed"]]);
    expect(await actionsOf(accountId)).toHaveLength(1);
  });

  it("is refused when every seat is taken, with the devices that hold them, the longest unseen first", async () => {
    const { accountId, subscriptionId, devices } = await household(5);
    const byAge = [3, 1, 4, 0, 2];
    for (const [order, at] of byAge.entries())
      await sawDevice({ deviceId: devices[at]!.deviceId }, { now: later(1 + order) });
    const full = await activateDevice({ accountId, subscriptionId, device: aDevice() }, { now: later(7) });
    expect(full).toMatchObject({
      status: "full",
      devices: byAge.map((at) => ({ id: devices[at]!.activation.id, device: { name: `Phone ${at + 1}` } })),
    });
    expect(await actionsOf(accountId)).toHaveLength(5);
    expect((await listDevices({ accountId }, { now })).seatless).toEqual([]);
  });

  it("is refused once a hundred devices took a seat of the subscription within a day: no seat protects everybody in turn", async () => {
    const hours = (count: number) => later(count / 24);
    const { accountId, subscriptionId } = await household();
    const first = aDevice();
    for (let time = 0; time < 99; time++) {
      const { activation } = await activated({ accountId, subscriptionId, device: first }, { now });
      await releaseDevice({ accountId, activationId: activation.id }, { now });
    }
    const last = await activated({ accountId, subscriptionId }, { now: hours(2) });
    const attempt = (at: number, device = aDevice()) =>
      activateDevice({ accountId, subscriptionId, device }, { now: hours(at) });
    const limited = { status: "limited", until: hours(24) };
    expect(await attempt(3)).toEqual(limited);
    const replaced = { accountId, activationId: last.activation.id, device: aDevice() };
    expect(await replaceDevice(replaced, { now: hours(3) })).toEqual(limited);
    expect(await attempt(3, last.device)).toMatchObject({ activation: { id: last.activation.id } });
    const other = await subscriptionOf(accountId, { product: "norton-360-standard" });
    const elsewhere = await activated({ accountId, subscriptionId: other }, { now: hours(3) });
    expect(await moveDevices({ accountId, subscriptionId }, { now: hours(3) })).toMatchObject({
      moved: [],
      stayed: [{ id: elsewhere.activation.id }],
    });
    expect(await attempt(24)).toMatchObject({ status: "activated" });
  });

  it("is refused for a subscription that has ended", async () => {
    const { accountId, subscriptionId } = await household();
    const answer = await activateDevice({ accountId, subscriptionId, device: aDevice() }, { now: later(400) });
    expect(answer).toEqual({ status: "notRunning" });
    const atItsEnd = (await listDevices({ accountId }, { now })).subscriptions[0]!.subscription.endsAt;
    expect(await activateDevice({ accountId, subscriptionId, device: aDevice() }, { now: atItsEnd })).toEqual({
      status: "notRunning",
    });
  });

  it("moves a device that holds a seat in another subscription of the account", async () => {
    const { accountId, devices } = await household(1);
    const other = await subscriptionOf(accountId, { product: "norton-360-standard" });
    const { device, activation: former } = devices[0]!;
    const moved = await activated({ accountId, subscriptionId: other, device }, { now: later(1) });
    expect(moved.deviceId).toBe(devices[0]!.deviceId);
    expect(moved.activation.id).not.toBe(former.id);
    expect((await namesIn(accountId)).flat()).toEqual(["Phone 1"]);
    expect((await actionsOf(accountId)).map(({ action }) => action)).toEqual(["device.activated", "device.moved"]);
  });

  it("leaves a preview valid that somebody looks at meanwhile", async () => {
    const { accountId, subscriptionId } = await household();
    const key = (await makeKeys(database.url)).keys[0]!;
    const before = await showPreview({ key, accountId }, { now });
    await activated({ accountId, subscriptionId }, { now });
    const after = await previewKey({ key, accountId, network: null }, { now });
    expect(after).toMatchObject({ status: "ready", version: before.previewVersion });
  });

  it("gives no seat of a product that has lost seats until enough are released", async () => {
    const { accountId, subscriptionId, devices } = await household(5);
    await setSeats("norton-360-deluxe", 3);
    try {
      const attempt = () => activateDevice({ accountId, subscriptionId, device: aDevice() }, { now });
      const release = (at: number) =>
        releaseDevice({ accountId, activationId: devices[at]!.activation.id }, { now: later(1) });
      // The lowest slots are freed first, so that those beyond the third are held.
      for (const at of [0, 1]) {
        await release(at);
        expect((await attempt()).status).toBe("full");
      }
      await release(2);
      expect((await attempt()).status).toBe("activated");
      expect((await attempt()).status).toBe("full");
    } finally {
      await setSeats("norton-360-deluxe", 5);
    }
  });
});

describe("the database itself", () => {
  it("refuses a second device on a seat, a second seat of a device, and a seat that there is not", async () => {
    const { subscriptionId, devices } = await household(2);
    const insert = (slot: number, deviceId: string) =>
      db()
        .insert(activation)
        .values({ subscriptionId, slot, deviceId, activatedAt: now })
        .catch((error: unknown) => causes(error).map(({ code }) => code));
    const { accountId } = await household();
    const third = await transaction((tx) => registerDevice(tx, { accountId, device: aDevice() }, { now }));
    expect(await insert(1, third.id)).toContain("23505");
    expect(await insert(5, devices[0]!.deviceId)).toContain("23505");
    expect(await insert(6, third.id)).toContain("23503");
  });
});

describe("releasing a device", () => {
  it("frees its seat at once, is repeated without effect, and keeps the device in the list", async () => {
    const { accountId, subscriptionId, devices } = await household(5);
    const activationId = devices[2]!.activation.id;
    for (let time = 0; time < 2; time++)
      expect(await releaseDevice({ accountId, activationId }, { now: later(1) })).toEqual({ status: "released" });
    expect((await listDevices({ accountId }, { now: later(1) })).seatless).toMatchObject([{ name: "Phone 3" }]);
    const released = (await actionsOf(accountId)).filter(({ action }) => action === "device.released");
    expect(released).toEqual([{ action: "device.released", actor: "account", subject: activationId }]);
    const next = await activateDevice({ accountId, subscriptionId, device: aDevice() }, { now: later(1) });
    expect(next.status).toBe("activated");
  });

  it("by a server whose clock is behind releases it all the same", async () => {
    const { accountId, devices } = await household(1);
    const release = releaseDevice({ accountId, activationId: devices[0]!.activation.id }, { now: later(-1) });
    expect(await release).toEqual({ status: "released" });
    expect(await namesIn(accountId)).toEqual([[]]);
  });

  it("by support is recorded as theirs, and told to the owner once", async () => {
    const { accountId, devices } = await household(2);
    const activationId = devices[0]!.activation.id;
    for (let time = 0; time < 2; time++)
      expect(await releaseForSupport({ activationId }, { now })).toEqual({ status: "released" });
    expect((await actionsOf(accountId)).at(-1)).toEqual({
      ...{ action: "device.released", actor: "operator", subject: activationId },
    });
    const { rows } = await db().execute(
      sql`SELECT details FROM mail WHERE account_id = ${accountId} AND kind = 'device-released'`,
    );
    expect(rows).toEqual([{ details: { product: "norton-360-deluxe", device: "Phone 1" } }]);
    expect(await releaseForSupport({ activationId: crypto.randomUUID() }, { now })).toEqual({ status: "unknown" });
  });
});

describe("replacing a device", () => {
  it("gives its seat to the other one, and a retry gives the first result", async () => {
    const { accountId, devices } = await household(5);
    const asked = { accountId, activationId: devices[1]!.activation.id, device: aDevice({ name: "New" }) };
    const first = await replaceDevice(asked, { now: later(1) });
    const again = await replaceDevice(asked, { now: later(1) });
    expect(first.status).toBe("activated");
    expect(again).toEqual(first);
    expect(await namesIn(accountId)).toEqual([["New", "Phone 1", "Phone 3", "Phone 4", "Phone 5"]]);
    expect((await actionsOf(accountId)).slice(5).map(({ action }) => action)).toEqual(["device.replaced"]);
  });

  it("takes no seat from a device of somebody who holds one there already", async () => {
    const { accountId, devices } = await household(2);
    const asked = { accountId, activationId: devices[0]!.activation.id, device: devices[1]!.device };
    expect(await replaceDevice(asked, { now })).toMatchObject({ activation: { id: devices[1]!.activation.id } });
    expect(await namesIn(accountId)).toEqual([["Phone 1", "Phone 2"]]);
  });

  it("keeps the former device when the product has lost seats, so that nothing is lost for nothing", async () => {
    const { accountId, devices } = await household(5);
    await setSeats("norton-360-deluxe", 3);
    try {
      const asked = { accountId, activationId: devices[1]!.activation.id, device: aDevice({ name: "New" }) };
      expect((await replaceDevice(asked, { now })).status).toBe("full");
      expect((await namesIn(accountId))[0]).toHaveLength(5);
    } finally {
      await setSeats("norton-360-deluxe", 5);
    }
  });
});

describe("moving all devices to one subscription", () => {
  it("moves as many as it has free seats, those seen last first, and names those that stay", async () => {
    const { accountId, subscriptionId: former, devices } = await household(4);
    for (const [at, { deviceId }] of devices.entries()) await sawDevice({ deviceId }, { now: later(1 + at) });
    const target = await subscriptionOf(accountId, { months: 24 });
    for (let at = 0; at < 2; at++)
      await activated({ accountId, subscriptionId: target, device: aDevice({ name: `Own ${at}` }) }, { now });
    const asked = { accountId, subscriptionId: target };
    // The former subscription has ended by then.
    const at = later(380);
    const first = await moveDevices(asked, { now: at });
    expect(first).toMatchObject({
      status: "moved",
      moved: [4, 3, 2].map((number) => ({ device: { name: `Phone ${number}` } })),
      stayed: [{ device: { name: "Phone 1" }, subscriptionId: former }],
    });
    expect(await namesIn(accountId, at)).toEqual([["Own 0", "Own 1", "Phone 2", "Phone 3", "Phone 4"], ["Phone 1"]]);
    expect(await moveDevices(asked, { now: at })).toMatchObject({ moved: [], stayed: [{ subscriptionId: former }] });
    const moves = (await actionsOf(accountId)).filter(({ action }) => action === "device.moved");
    expect(moves).toHaveLength(3);
    expect(await moveDevices({ accountId, subscriptionId: former }, { now: at })).toEqual({ status: "notRunning" });
  });
});

describe("another account", () => {
  it("can neither use, release, replace, move nor find what is not its own", async () => {
    const { accountId, subscriptionId, devices } = await household(1);
    const stranger = await person();
    const own = await subscriptionOf(stranger);
    const asked = { accountId: stranger, subscriptionId };
    const activationId = devices[0]!.activation.id;
    const unknown = { status: "unknown" };
    expect(await activateDevice({ ...asked, device: aDevice() }, { now })).toEqual(unknown);
    expect(await releaseDevice({ accountId: stranger, activationId }, { now })).toEqual(unknown);
    expect(await replaceDevice({ accountId: stranger, activationId, device: aDevice() }, { now })).toEqual(unknown);
    expect(await moveDevices(asked, { now })).toEqual(unknown);
    expect(await moveDevices({ accountId: stranger, subscriptionId: own }, { now })).toMatchObject({ moved: [] });
    const { installId } = devices[0]!.device;
    expect(await findDevice({ accountId: stranger, installId }, { now })).toBeNull();
    expect(await findDevice({ accountId, installId }, { now })).toMatchObject({
      ...{ id: devices[0]!.deviceId, activation: { id: activationId } },
    });
    expect((await listDevices({ accountId: stranger }, { now })).subscriptions).toMatchObject([{ devices: [] }]);
    expect(await namesIn(accountId)).toEqual([["Phone 1"]]);
  });

  it("that was erased gets no seat", async () => {
    const { accountId, subscriptionId } = await household();
    await db().execute(sql`UPDATE account SET erased_at = now(), password_hash = NULL WHERE id = ${accountId}`);
    const answer = await activateDevice({ accountId, subscriptionId, device: aDevice() }, { now });
    expect(answer).toEqual({ status: "unknown" });
  });

  it("may have the same installation: each account has a device of its own", async () => {
    const [one, other] = [await household(1), await household()];
    const { device } = one.devices[0]!;
    await activated({ ...other, device }, { now });
    expect(await namesIn(one.accountId)).toEqual([["Phone 1"]]);
    expect(await namesIn(other.accountId)).toEqual([["Phone 1"]]);
  });
});

describe("the list of devices", () => {
  it("points out what is probably the same device with the app installed again, once it is silent", async () => {
    const { accountId, subscriptionId } = await household();
    const same = { name: "iPhone", model: "iPhone 15", system: "ios" as const };
    const give = (device: object, at: Date) =>
      activated({ accountId, subscriptionId, device: aDevice({ ...same, ...device }) }, { now: at });
    const former = await give({}, now);
    const otherModel = await give({ model: "iPhone 16" }, now);
    const otherName = await give({ name: "Zoé’s iPhone" }, now);
    const again = await give({}, later(1));
    const marks = async (at: Date) =>
      (await listDevices({ accountId }, { now: at })).subscriptions[0]!.devices.filter(
        ({ duplicateOf }) => duplicateOf,
      ).map(({ id, duplicateOf }) => [id, duplicateOf]);
    expect(await marks(later(1.9))).toEqual([]);
    expect(await marks(later(2))).toEqual([[former.activation.id, again.activation.id]]);
    // Two phones of a kind that are both in use.
    await sawDevice({ deviceId: former.deviceId }, { now: later(5) });
    expect(await marks(later(9))).toEqual([]);
    expect([otherModel, otherName]).toHaveLength(2);
  });

  it("points out devices that were not seen for 90 days", async () => {
    const { accountId, devices } = await household(2);
    await sawDevice({ deviceId: devices[1]!.deviceId }, { now: later(1) });
    const silent = async (at: Date) =>
      (await listDevices({ accountId }, { now: at })).subscriptions[0]!.devices.filter((one) => one.silent).map(
        ({ device }) => device.name,
      );
    expect(await silent(new Date(later(90).getTime() - 1))).toEqual([]);
    expect(await silent(later(90))).toEqual(["Phone 1"]);
    expect(await silent(later(91))).toEqual(["Phone 2", "Phone 1"]);
  });

  it("shows devices of a subscription that has ended, and no ended one without devices", async () => {
    const { accountId } = await household(1);
    await subscriptionOf(accountId, { product: "norton-360-standard", months: 1 });
    const { subscriptions } = await listDevices({ accountId }, { now: later(400) });
    expect(subscriptions).toMatchObject([
      { subscription: { state: "ended" }, devices: [{ device: { name: "Phone 1" } }] },
    ]);
  });

  it("forgets devices without a seat after 90 days", async () => {
    const { accountId, devices } = await household(1);
    await releaseDevice({ accountId, activationId: devices[0]!.activation.id }, { now });
    expect((await listDevices({ accountId }, { now: later(89) })).seatless).toHaveLength(1);
    expect((await listDevices({ accountId }, { now: later(90) })).seatless).toEqual([]);
  });

  it("remembers when a device was seen, to five minutes and never backwards", async () => {
    const { accountId, devices } = await household(1);
    const seen = async (minutes: number) => {
      await sawDevice({ deviceId: devices[0]!.deviceId }, { now: later(minutes / 1440) });
      const [one] = (await listDevices({ accountId }, { now })).subscriptions[0]!.devices;
      return (one!.lastSeenAt.getTime() - now.getTime()) / 60_000;
    };
    expect(await seen(5)).toBe(0);
    expect(await seen(6)).toBe(6);
    expect(await seen(3)).toBe(6);
  });
});
