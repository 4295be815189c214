import "server-only";
import { transaction } from "@/lib/db/client";
import { activationsOf, readDevices, type ActivationView } from "@/lib/licence/devices/devices";
import { freeSlots, lockOwner, readSeats, takeSeats } from "@/lib/licence/devices/seats";

export type DevicesMove =
  /** `stayed`: those that have found no free seat keep the one that they had. */
  | { status: "moved"; moved: ActivationView[]; stayed: ActivationView[] }
  /** `notRunning`: the subscription protects nobody now. `unknown`: no such subscription, or another account's. */
  | { status: "notRunning" | "unknown" };

/**
 * Moves the devices that hold a seat in another subscription of the account to this one, as many as it has free seats,
 * those seen last first.
 */
export async function moveDevices(
  { accountId, subscriptionId }: { accountId: string; subscriptionId: string },
  { now }: { now: Date },
): Promise<DevicesMove> {
  return transaction(async (tx): Promise<DevicesMove> => {
    if (!(await lockOwner(tx, accountId))) return { status: "unknown" };
    const seats = await readSeats(tx, { accountId, subscriptionId }, now);
    if (!seats) return { status: "unknown" };
    if (!seats.isRunning) return { status: "notRunning" };
    const all = activationsOf(await readDevices(accountId, tx), now);
    const elsewhere = all.filter((one) => one.subscriptionId !== subscriptionId);
    const slots = seats.closedUntil ? [] : freeSlots(seats);
    const moved = elsewhere.slice(0, slots.length);
    const devices = moved.map(({ device }, index) => ({ deviceId: device.id, slot: slots[index]! }));
    if (devices.length > 0) await takeSeats(tx, { seats, devices, event: { action: "device.moved" } }, now);
    return { status: "moved", moved, stayed: elsewhere.slice(slots.length) };
  });
}
