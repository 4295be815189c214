import { answer, methods } from "@/app/api/serving/answer";
import { endSession } from "@/app/api/v1/sessions/current/operations";
import { endAppSession } from "@/lib/account/oauth/app-sessions";

/** Signs the app out. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: answer(endSession, async ({ caller, sender, now }) => {
    await endAppSession({ accountId: caller.account.id, appSessionId: caller.appSessionId }, { now, sender });
    return { done: null };
  }),
});
