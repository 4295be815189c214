import { answer, methods } from "@/app/api/serving/answer";
import { listSubscriptions } from "@/app/api/v1/subscriptions/operations";
import { activationsOf, readDevices } from "@/lib/licence/devices/devices";
import { getHoldings } from "@/lib/licence/subscriptions";

/** Lists the account's subscriptions that run, with their seats, and the keys kept for later. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: answer(listSubscriptions, async ({ caller, now }) => {
    const { id: accountId, timeZone } = caller.account;
    const [{ subscriptions, kept }, devices] = await Promise.all([
      getHoldings({ accountId, timeZone }, { now }),
      readDevices(accountId),
    ]);
    const activations = activationsOf(devices, now);
    const running = subscriptions.filter(({ state }) => state === "active");
    return {
      done: {
        subscriptions: running.map(({ id, product, seats, endsAt, lease }) => {
          const here = activations.filter(({ subscriptionId }) => subscriptionId === id);
          return {
            ...{ id, product, endsAt: lease ? null : endsAt.toISOString(), partner: lease?.partner ?? null },
            seats: { total: seats, used: here.length },
            activationId: here.find(({ device }) => device.id === caller.deviceId)?.id ?? null,
          };
        }),
        kept: kept.map(({ id, product, seats, term, hint, keptAt, startsAt, startsAfter, withdrawnAt }) => ({
          ...{ id, product, seats, term, hint, startsAfter, withdrawn: withdrawnAt !== null },
          ...{ keptAt: keptAt.toISOString(), startsAt: startsAt?.toISOString() ?? null },
        })),
      },
    };
  }),
});
