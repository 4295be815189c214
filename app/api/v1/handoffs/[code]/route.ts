import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { getClaim } from "@/app/api/v1/handoffs/operations";
import { writeClaim } from "@/app/api/v1/handoffs/write-claim";
import { findClaim } from "@/lib/account/handoff/claim-handoff";
import { readHandoffCode } from "@/lib/account/handoff/handoff-code";

/** Tells the device that claimed a code how it goes on. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: answer(getClaim, async ({ params, query, now, network }) => {
    const code = readHandoffCode(params.code);
    if (!code) return refuse("handoffUnknown");
    const found = await findClaim({ code, ...query }, { now, network });
    switch (found.status) {
      case "claimed":
        return { done: writeClaim(found.claim) };
      case "unknown":
        return refuse("handoffUnknown");
      case "limited":
        return { ...refuse("tooManyCodes"), retryAt: found.until };
    }
  }),
});
