import "server-only";
import { count } from "@/lib/metrics";
import type { GivingKind } from "@/lib/licence/choices";
import { sealKey } from "@/lib/licence/key-vault";
import type { Attempt, Limited } from "@/lib/licence/look-up";
import { judgeKey } from "@/lib/licence/preview-key";
import { keyHint } from "@/lib/licence/product-key";
import type { Refusal } from "@/lib/licence/refusal";
import { spendKey, type Spent } from "@/lib/licence/spend-key";

export type Redemption =
  | ({ status: "activated" | "alreadyYours" } & Spent)
  /** Something changed since the preview: nothing was spent, and the new preview must be shown first. */
  | { status: "previewChanged" }
  | Refusal
  | Limited;

type Request = Attempt & {
  choice: GivingKind;
  /** From the preview the person confirmed. */
  previewVersion: string;
};

/**
 * Redeems a key for an account: at most two statements read and judge it, one statement spends it. A key gives at most
 * one live grant, whatever arrives at the same time. Repeating a request gives the first result again.
 */
export async function redeemKey(request: Request, context: { now: Date }): Promise<Redemption> {
  const redemption = await redeem(request, context);
  count("redemptions", { outcome: redemption.status });
  return redemption;
}

async function redeem(request: Request, { now }: { now: Date }): Promise<Redemption> {
  const { key: typedKey, accountId } = request;
  const judged = await judgeKey(request, { now });
  if (judged.status !== "usable") return judged;
  const { preview, key, holder } = judged;
  const choice = preview.choices.filter((one) => one.kind !== "keep").find(({ kind }) => kind === request.choice);
  if (choice && preview.version === request.previewVersion) {
    const typed = { sealed: sealKey(typedKey, { keyId: key.id, accountId }), hint: keyHint(typedKey) };
    const spent = await spendKey({ accountId, key, holder, choice, typed }, { now });
    if (spent) return { status: "activated", ...spent };
  }

  // Something changed, perhaps between the statements that judged. Judge again and report the change.
  const again = await judgeKey(request, { now });
  return again.status === "usable" ? { status: "previewChanged" } : again;
}
