import "server-only";
import { keyCodes, refuse } from "@/app/api/serving/problems";
import type { Limited } from "@/lib/licence/look-up";
import type { Refusal } from "@/lib/licence/refusal";

/** The API's refusal of a product key or a partner code. */
export function refuseKey(refusal: Refusal | Limited) {
  if (refusal.status === "limited") return { ...refuse("tooManyGuesses"), retryAt: refusal.until };
  const { reason, caseCode, redeemBy = "", regions = [], canKeep = false, possibleFrom } = refusal;
  switch (reason) {
    case "expired":
      return refuse("keyExpired", { caseCode, redeemBy });
    case "region":
      return refuse("keyRegion", { caseCode, regions });
    case "ceiling":
      return refuse("keyCeiling", { caseCode, canKeep, possibleFrom: possibleFrom?.toISOString() ?? null });
    default:
      return refuse(keyCodes[reason], { caseCode });
  }
}
