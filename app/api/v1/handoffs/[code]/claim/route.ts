import { randomBytes } from "node:crypto";
import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { claimHandoff as asked } from "@/app/api/v1/handoffs/operations";
import { writeClaim } from "@/app/api/v1/handoffs/write-claim";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import { readHandoffCode } from "@/lib/account/handoff/handoff-code";

/** Claims a code for a device. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: answer(asked, async ({ params, body, now, sender }) => {
    const code = readHandoffCode(params.code);
    if (!code) return refuse("handoffUnknown");
    const claimed = await claimHandoff({ code, ...body }, { now, sender, randomBytes });
    switch (claimed.status) {
      case "claimed":
        return { done: writeClaim(claimed.claim) };
      case "unknown":
        return refuse("handoffUnknown");
      case "usedByAnother":
        return refuse("handoffUsedByAnother");
      case "unknownClient":
        return refuse("unknownClient");
      case "limited":
        return { ...refuse("tooManyCodes"), retryAt: claimed.until };
    }
  }),
});
