import { z } from "zod";
import { examples } from "@/app/api/shapes/examples";
import { productCodes } from "@/lib/brand";
import { choiceKinds, givingKinds, type Choice } from "@/lib/licence/choices";

const instant = z.iso.datetime();

export const term = z
  .strictObject({ months: z.int(), days: z.int() })
  .meta({ id: "Term", description: "Calendar months, then days of 24 hours.", example: { months: 12, days: 0 } });

/** Characters of a typed or scanned key that are read. */
const LONGEST = 1_000;

export const typedKey = z.string().max(LONGEST).meta({
  description: "A product key or a partner code, as it was typed or scanned: any case, with or without hyphens.",
  example: "2XXXX-XXXXX-XXXXX-XXXXX-XXXXX",
});

export const choiceKind = z.enum(choiceKinds);

const giving = z.strictObject({
  choice: z.enum(givingKinds).meta({
    description:
      "`start`: a new subscription from now. `extend`: the running one ends later. `add`: a second one beside it, from now.",
  }),
  startsAt: instant,
  endsAt: instant.meta({ description: "When the protection ends then, exclusive." }),
  subscriptionId: z.uuid().nullable().meta({ description: "`extend`: the subscription that ends later." }),
  runningUntil: instant.nullable().meta({ description: "`extend`: when it would end without this key." }),
});

const keeping = z.strictObject({
  choice: z.literal("keep").meta({ description: "The account owns the key, and nothing starts yet." }),
  runningUntil: instant.nullable().meta({ description: "When it can start by itself. Null: at no known time." }),
  partner: z.string().nullable().meta({ description: "The partner after whose lease it can start by itself." }),
});

const choice = z.union([giving, keeping]);

export const preview = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("productKey"),
      product: z.enum(productCodes),
      seats: z.int(),
      term,
      redeemBy: z.iso.date().nullable().meta({ description: "The last day to redeem it." }),
      regions: z.array(z.string()).nullable().meta({ description: "ISO 3166-1 alpha-2. Null: everywhere." }),
      choices: z.array(choice).meta({ description: "What can be done with it now, the best one first." }),
      beside: z
        .array(z.strictObject({ product: z.enum(productCodes), endsAt: instant }))
        .meta({ description: "Subscriptions to other products that run now. The key does not touch them." }),
      version: z.string().meta({ description: "Pass it on with the choice: only what was shown is done." }),
    }),
    z.strictObject({
      kind: z.literal("partnerCode"),
      product: z.enum(productCodes),
      seats: z.int(),
      partner: z.string(),
      redeemBy: z.iso.date().nullable().meta({ description: "The last day to redeem it." }),
      besideUntil: instant
        .nullable()
        .meta({ description: "Until when the account’s own subscription to the product runs beside it." }),
    }),
    z.strictObject({
      kind: z.literal("alreadyYours"),
      subscriptionId: z.uuid().meta({ description: "The subscription it went to." }),
    }),
  ])
  .meta({
    id: "KeyPreview",
    example: {
      ...{ kind: "productKey", product: "norton-360-deluxe", seats: 5, term: { months: 12, days: 0 } },
      ...{ redeemBy: "2028-12-31", regions: ["FR", "BE"] },
      choices: [
        {
          ...{ choice: "start", startsAt: examples.instant, endsAt: examples.end },
          ...{ subscriptionId: null, runningUntil: null },
        },
        { choice: "keep", runningUntil: null, partner: null },
      ],
      ...{ beside: [], version: "n7Qe0Zs5vKp2RtYw8LmX4b" },
    },
  });

export const redemption = z
  .discriminatedUnion("result", [
    z.strictObject({
      result: z.enum(["activated", "alreadyYours"]).meta({
        description: "`alreadyYours`: an earlier request of this account has done it.",
      }),
      subscriptionId: z.uuid(),
    }),
    z.strictObject({ result: z.literal("kept"), keptId: z.uuid() }),
  ])
  .meta({ id: "Redemption", example: { result: "activated", subscriptionId: examples.subscription } });

/** A choice as the API writes it. */
export function writeChoice(one: Choice): z.infer<typeof choice> {
  const runningUntil = "runningUntil" in one ? (one.runningUntil?.toISOString() ?? null) : null;
  if (one.kind === "keep") return { choice: one.kind, runningUntil, partner: one.provider };
  return {
    choice: one.kind,
    startsAt: one.startsAt.toISOString(),
    endsAt: one.endsAt.toISOString(),
    subscriptionId: one.kind === "extend" ? one.subscriptionId : null,
    runningUntil,
  };
}
