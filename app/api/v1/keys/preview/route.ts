import { answer, methods } from "@/app/api/serving/answer";
import { previewKey as asked } from "@/app/api/v1/keys/operations";
import { readTyped } from "@/app/api/v1/keys/read-typed";
import { refuseKey } from "@/app/api/v1/keys/refuse-key";
import { writeChoice } from "@/app/api/v1/keys/schemas";
import { previewCode } from "@/lib/licence/leases/preview-code";
import { previewKey } from "@/lib/licence/preview-key";

/** Says what a product key or a partner code would give to the account. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: answer(asked, async ({ caller, body, network, now }) => {
    const typed = readTyped(body.key);
    if ("refused" in typed) return typed;
    const attempt = { accountId: caller.account.id, network };
    const preview =
      typed.kind === "productKey"
        ? await previewKey({ ...attempt, key: typed.key }, { now })
        : await previewCode({ ...attempt, code: typed.code }, { now });
    if (preview.status === "refused" || preview.status === "limited") return refuseKey(preview);
    if (preview.status === "alreadyYours") {
      return { done: { kind: "alreadyYours" as const, subscriptionId: preview.subscriptionId } };
    }
    const { product, seats, redeemBy } = preview;
    if ("partner" in preview) {
      const besideUntil = preview.besideUntil?.toISOString() ?? null;
      return {
        done: { kind: "partnerCode" as const, product, seats, redeemBy, partner: preview.partner, besideUntil },
      };
    }
    const { term, regions, version } = preview;
    const beside = preview.beside.map((one) => ({ ...one, endsAt: one.endsAt.toISOString() }));
    const choices = preview.choices.map(writeChoice);
    return { done: { kind: "productKey" as const, product, seats, term, redeemBy, regions, choices, beside, version } };
  }),
});
