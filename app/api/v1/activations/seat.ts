import "server-only";
import type { Callers } from "@/app/api/serving/admit";
import { refuse } from "@/app/api/serving/problems";
import { writeActivation } from "@/app/api/shapes/activation";
import { bindDevice } from "@/lib/account/oauth/app-sessions";
import type { Activation } from "@/lib/licence/devices/activate-device";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import { findDevice } from "@/lib/licence/devices/find-device";
import { releaseDevice } from "@/lib/licence/devices/release-device";

type Asked = { caller: Callers["app"]; body: { device: DeviceInfo }; now: Date };

/**
 * Seats the app's own device by `take`. The first device that an app seats becomes its own: a token belongs to one
 * device.
 */
export async function seat({ caller, body: { device }, now }: Asked, { take }: { take: () => Promise<Activation> }) {
  const { deviceId, appSessionId, account } = caller;
  const accountId = account.id;
  if (deviceId !== null) {
    const named = await findDevice({ accountId, installId: device.installId }, { now });
    if (named?.id !== deviceId) return refuse("otherDevice");
  }
  const taken = await take();
  switch (taken.status) {
    case "activated":
      if (deviceId !== null || (await bindDevice({ appSessionId, deviceId: taken.deviceId })))
        return { done: writeActivation(taken.activation) };
      // Meanwhile a request with the same token has seated another device. A seat that this one had before stays its own.
      if (taken.activation.activatedAt >= now)
        await releaseDevice({ accountId, activationId: taken.activation.id }, { now });
      return refuse("otherDevice");
    case "full":
      return refuse("noSeatLeft", { devices: taken.devices.map(writeActivation) });
    case "limited":
      return { ...refuse("tooManyDevices"), retryAt: taken.until };
    case "notRunning":
      return refuse("subscriptionNotRunning");
    case "unknown":
      return null;
  }
}
