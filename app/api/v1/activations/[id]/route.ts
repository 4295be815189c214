import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { release } from "@/app/api/v1/activations/operations";
import { releaseDevice } from "@/lib/licence/devices/release-device";

/** Frees the seat of a device of the account. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: answer(release, async ({ caller, params, now }) => {
    const released = await releaseDevice({ accountId: caller.account.id, activationId: params.id }, { now });
    return released.status === "released" ? { done: null } : refuse("unknownActivation");
  }),
});
