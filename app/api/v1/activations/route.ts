import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { activate } from "@/app/api/v1/activations/operations";
import { seat } from "@/app/api/v1/activations/seat";
import { activateDevice } from "@/lib/licence/devices/activate-device";

/** Gives the app's device a seat in a subscription of its account. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: answer(activate, async (asked) => {
    const { caller, body, now } = asked;
    const take = () => activateDevice({ accountId: caller.account.id, ...body }, { now });
    return (await seat(asked, { take })) ?? refuse("unknownSubscription");
  }),
});
