import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { replace } from "@/app/api/v1/activations/operations";
import { seat } from "@/app/api/v1/activations/seat";
import { replaceDevice } from "@/lib/licence/devices/replace-device";

/** Gives the seat of another device of the account to the app's device. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: answer(replace, async (asked) => {
    const { caller, params, body, now } = asked;
    const replaced = { accountId: caller.account.id, activationId: params.id, device: body.device };
    const take = () => replaceDevice(replaced, { now });
    return (await seat(asked, { take })) ?? refuse("unknownActivation");
  }),
});
