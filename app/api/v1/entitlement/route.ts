import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { getEntitlement as asked } from "@/app/api/v1/entitlement/operations";
import { env } from "@/lib/env";
import { getEntitlement } from "@/lib/licence/devices/get-entitlement";
import { sawDevice } from "@/lib/licence/devices/saw-device";

/** Signs that the app's device is protected. It is also how a device is seen. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: answer(asked, async ({ caller, now }) => {
    const { deviceId, account } = caller;
    if (deviceId === null) return refuse("notProtected");
    await sawDevice({ deviceId }, { now });
    const entitlement = await getEntitlement({ accountId: account.id, deviceId }, { now, issuer: env().authUrl });
    if (entitlement.status === "notProtected") return refuse("notProtected");
    const { token, product, subscriptionId, endsAt, expiresAt } = entitlement;
    const dates = { endsAt: endsAt?.toISOString() ?? null, expiresAt: expiresAt.toISOString() };
    return { done: { token, product, subscriptionId, ...dates } };
  }),
});
