import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { redeemKey as asked } from "@/app/api/v1/keys/operations";
import { readTyped } from "@/app/api/v1/keys/read-typed";
import { refuseKey } from "@/app/api/v1/keys/refuse-key";
import { keepKey } from "@/lib/licence/keep-key";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { redeemKey } from "@/lib/licence/redeem-key";

/** Redeems a product key or a partner code, or keeps a key for later. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: answer(asked, async ({ caller, body, network, now }) => {
    const typed = readTyped(body.key);
    if ("refused" in typed) return typed;
    const { choice, version, startsItself = false } = body;
    const attempt = { accountId: caller.account.id, network };
    if (typed.kind === "partnerCode") {
      const redeemed = await redeemCode({ ...attempt, code: typed.code }, { now });
      return "grantId" in redeemed ? { done: writeRedeemed(redeemed) } : refuseKey(redeemed);
    }
    const { key } = typed;
    if (choice === "keep") {
      const kept = await keepKey({ ...attempt, key, startsItself }, { now });
      if (kept.status === "kept") return { done: { result: "kept" as const, keptId: kept.keptId } };
      return "grantId" in kept ? { done: writeRedeemed(kept) } : refuseKey(kept);
    }
    if (!choice || version === undefined) return refuse("invalidRequest", { faults: [incomplete] });
    const redeemed = await redeemKey({ ...attempt, key, choice, previewVersion: version }, { now });
    if (redeemed.status === "previewChanged") return refuse("previewChanged");
    return "grantId" in redeemed ? { done: writeRedeemed(redeemed) } : refuseKey(redeemed);
  }),
});

const incomplete = "body: a product key needs `choice` and `version` from its preview";

const writeRedeemed = ({
  status: result,
  subscriptionId,
}: {
  status: "activated" | "alreadyYours";
  subscriptionId: string;
}) => ({ result, subscriptionId }) as const;
