import "server-only";
import { activationsOf, readDevices, type ActivationView, type DeviceView } from "@/lib/licence/devices/devices";

/** Finds a device of an account by the name of its app's installation. Null: the account has no such device. */
export async function findDevice(
  { accountId, installId }: { accountId: string; installId: string },
  { now }: { now: Date },
): Promise<(DeviceView & { activation: ActivationView | null }) | null> {
  const all = await readDevices(accountId);
  const found = all.find((device) => device.installId === installId);
  if (!found) return null;
  const { id, name, model, system } = found;
  return {
    id,
    name,
    model,
    system,
    activation: activationsOf(all, now).find(({ device }) => device.id === id) ?? null,
  };
}
