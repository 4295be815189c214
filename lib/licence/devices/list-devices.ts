import "server-only";
import {
  activationsOf,
  readDevices,
  SILENT_AFTER,
  type ActivationView,
  type DeviceView,
} from "@/lib/licence/devices/devices";
import { listSubscriptions, type SubscriptionView } from "@/lib/licence/subscriptions";

export type SeatedDevices = { subscription: SubscriptionView; devices: ActivationView[] };

export type Devices = {
  /** Subscriptions that run, and those that hold devices without protecting them any more. */
  subscriptions: SeatedDevices[];
  /** Devices that hold no seat, and were seen in the last 90 days. */
  seatless: (DeviceView & { lastSeenAt: Date })[];
};

/** Lists an account's devices by subscription, the last seen first, with two statements. */
export async function listDevices({ accountId }: { accountId: string }, { now }: { now: Date }): Promise<Devices> {
  const [subscriptions, all] = await Promise.all([listSubscriptions({ accountId }, { now }), readDevices(accountId)]);
  const activations = activationsOf(all, now);
  return {
    subscriptions: subscriptions
      .map((subscription) => ({
        subscription,
        devices: activations.filter(({ subscriptionId }) => subscriptionId === subscription.id),
      }))
      .filter(({ subscription, devices }) => subscription.state === "active" || devices.length > 0),
    seatless: all
      .filter(({ activation, lastSeenAt }) => !activation && now.getTime() - lastSeenAt.getTime() < SILENT_AFTER)
      .map(({ id, name, model, system, lastSeenAt }) => ({ id, name, model, system, lastSeenAt })),
  };
}
