import { answer, methods } from "@/app/api/serving/answer";
import { getAccount } from "@/app/api/v1/account/operations";

/** Says whose account the app is signed in to. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: answer(getAccount, async ({ caller }) => {
    const { emailVerifiedAt, ...account } = caller.account;
    return { done: { ...account, emailConfirmed: emailVerifiedAt !== null, deviceId: caller.deviceId } };
  }),
});
