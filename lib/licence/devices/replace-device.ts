import "server-only";
import { transaction } from "@/lib/db/client";
import { seatDevice, type Activation } from "@/lib/licence/devices/activate-device";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import { findActivation } from "@/lib/licence/devices/release-device";
import { lockOwner, readSeats } from "@/lib/licence/devices/seats";
import { count } from "@/lib/metrics";

type Asked = { accountId: string; activationId: string; device: DeviceInfo };

/**
 * Gives the seat of one device to another, in one transaction: either both happen or neither. If the seat was released
 * before, the device takes a free one. A device that has a seat in the subscription keeps it, and nothing is released.
 * @returns `unknown`: no such activation, or another account's
 */
export async function replaceDevice(
  { accountId, activationId, device }: Asked,
  { now }: { now: Date },
): Promise<Activation> {
  const activation = await transaction(async (tx): Promise<Activation> => {
    if (!(await lockOwner(tx, accountId))) return { status: "unknown" };
    const found = await findActivation(tx, { accountId, activationId });
    if (!found) return { status: "unknown" };
    const { subscriptionId, releasedAt } = found;
    const seats = await readSeats(tx, { accountId, subscriptionId }, now);
    return seatDevice(tx, { seats, device, ...(releasedAt === null && { replaced: activationId }) }, now);
  });
  count("activations", { outcome: activation.status });
  return activation;
}
