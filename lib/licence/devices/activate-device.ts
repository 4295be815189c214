import "server-only";
import { transaction, type Transaction } from "@/lib/db/client";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import { activationsOf, readDevices, type ActivationView } from "@/lib/licence/devices/devices";
import { registerDevice } from "@/lib/licence/devices/register-device";
import { freeSlots, lockOwner, readSeats, takeSeats, type Seats } from "@/lib/licence/devices/seats";
import { count } from "@/lib/metrics";

export type Activation =
  | { status: "activated"; activation: ActivationView; deviceId: string }
  /** Every seat is taken, by these devices. The one that was not seen for longest is first. */
  | { status: "full"; devices: ActivationView[] }
  /** Too many devices took a seat of the subscription within a day. */
  | { status: "limited"; until: Date }
  /** The subscription has ended, or its lease is suspended. */
  | { status: "notRunning" }
  /** No such subscription, or another account's. */
  | { status: "unknown" };

type Asked = { accountId: string; subscriptionId: string; device: DeviceInfo };

/**
 * Gives a device a seat in a subscription. There are never more devices than seats, whatever arrives at the same time. A
 * device that has a seat there keeps it, and one that has a seat in another subscription of the account moves.
 */
export async function activateDevice(
  { accountId, subscriptionId, device }: Asked,
  { now }: { now: Date },
): Promise<Activation> {
  const activation = await transaction(async (tx): Promise<Activation> => {
    if (!(await lockOwner(tx, accountId))) return { status: "unknown" };
    return seatDevice(tx, { seats: await readSeats(tx, { accountId, subscriptionId }, now), device }, now);
  });
  count("activations", { outcome: activation.status });
  return activation;
}

/**
 * Gives a device a seat, in the caller's transaction, which has locked the account.
 * @param replaced the activation whose seat it may take when there is no other
 */
export async function seatDevice(
  tx: Transaction,
  { seats, device, replaced }: { seats: Seats | null; device: DeviceInfo; replaced?: string },
  now: Date,
): Promise<Activation> {
  if (!seats) return { status: "unknown" };
  if (!seats.isRunning) return { status: "notRunning" };
  const { accountId, held } = seats;
  const own = held.find(({ installId }) => installId === device.installId);
  if (own) {
    const { id } = await registerDevice(tx, { accountId, device }, { now });
    return activated(seats, { ...device, id }, { id: own.activationId, activatedAt: own.activatedAt }, now);
  }
  const [slot] = freeSlots({ ...seats, held: held.filter(({ activationId }) => activationId !== replaced) });
  if (!slot) return { status: "full", devices: await longestUnseenFirst(tx, seats, now) };
  if (seats.closedUntil) return { status: "limited", until: seats.closedUntil };
  const { id, isSeated } = await registerDevice(tx, { accountId, device }, { now });
  const event = replaced ? replacing : isSeated ? moving : activating;
  const [taken] = await takeSeats(tx, { seats, devices: [{ deviceId: id, slot }], replaced, event }, now);
  return activated(seats, { ...device, id }, { id: taken!.id, activatedAt: now }, now);
}

const activating = { action: "device.activated" } as const;
const moving = { action: "device.moved" } as const;
const replacing = { action: "device.replaced" } as const;

function activated(
  { subscriptionId, product }: Seats,
  { id: deviceId, name, model, system }: DeviceInfo & { id: string },
  { id, activatedAt }: { id: string; activatedAt: Date },
  now: Date,
): Activation {
  const device = { id: deviceId, name, model, system };
  const seen = { lastSeenAt: now, silent: false, duplicateOf: null };
  return { status: "activated", activation: { id, subscriptionId, product, device, activatedAt, ...seen }, deviceId };
}

async function longestUnseenFirst(
  tx: Transaction,
  { accountId, subscriptionId }: Seats,
  now: Date,
): Promise<ActivationView[]> {
  const all = activationsOf(await readDevices(accountId, tx), now);
  return all.filter((one) => one.subscriptionId === subscriptionId).toReversed();
}
