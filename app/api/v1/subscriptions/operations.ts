import { z } from "zod";
import { operation } from "@/app/api/serving/operation";
import { term } from "@/app/api/v1/keys/schemas";
import { examples } from "@/app/api/shapes/examples";
import { productCodes } from "@/lib/brand";

const end = z.iso.datetime().nullable().meta({
  description: "When the protection ends, exclusive. Null: a partner provides it, and nobody knows the end.",
  example: examples.end,
});

const subscription = z
  .strictObject({
    id: z.uuid(),
    product: z.enum(productCodes),
    endsAt: end,
    partner: z.string().nullable().meta({ description: "Who provides it. Null: a product key does." }),
    seats: z.strictObject({ total: z.int(), used: z.int() }),
    activationId: z
      .uuid()
      .nullable()
      .meta({ description: "The activation of the app’s device. Null: it has none here." }),
  })
  .meta({
    id: "Subscription",
    description: "A subscription that runs.",
    example: {
      ...{ id: examples.subscription, product: "norton-360-deluxe", endsAt: examples.end, partner: null },
      ...{ seats: { total: 5, used: 2 }, activationId: examples.id },
    },
  });

const keptKey = z
  .strictObject({
    id: z.uuid(),
    product: z.enum(productCodes),
    seats: z.int(),
    term,
    hint: z.string().meta({ description: "The key’s last group." }),
    keptAt: z.iso.datetime(),
    startsAt: z.iso.datetime().nullable().meta({ description: "When it starts by itself. Null: not at a known time." }),
    startsAfter: z.string().nullable().meta({ description: "The partner after whose lease it starts by itself." }),
    withdrawn: z.boolean().meta({ description: "The seller has withdrawn it, so it cannot start." }),
  })
  .meta({
    id: "KeptKey",
    description: "A product key that the account keeps for later.",
    example: {
      ...{ id: examples.id, product: "norton-360-deluxe", seats: 5, term: { months: 12, days: 0 }, hint: "756H8" },
      ...{ keptAt: examples.instant, startsAt: examples.end, startsAfter: null, withdrawn: false },
    },
  });

export const listSubscriptions = operation({
  id: "listSubscriptions",
  method: "GET",
  path: "/api/v1/subscriptions",
  auth: "app",
  summary: "List what protects the account’s devices, and the keys kept for later",
  description: "Subscriptions that run, the latest end first. Those that have ended or are paused are left out.",
  returns: z.strictObject({ subscriptions: z.array(subscription), kept: z.array(keptKey) }),
  refusals: [],
});
