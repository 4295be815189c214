import { z } from "zod";
import { operation } from "@/app/api/serving/operation";
import { choiceKind, preview, redemption, typedKey } from "@/app/api/v1/keys/schemas";

const refusals = [
  "keyMalformed",
  "keyUnknown",
  "keyWithdrawn",
  "keyUsedByAnother",
  "keyNotReleased",
  "keyExpired",
  "keyRegion",
  "keyCeiling",
  "tooManyGuesses",
] as const;

export const previewKey = operation({
  id: "previewKey",
  method: "POST",
  path: "/api/v1/keys/preview",
  auth: "app",
  summary: "Say what a product key or a partner code would give",
  description: "It changes nothing. Unknown keys count toward the rate limits on guessing.",
  body: z.strictObject({ key: typedKey }),
  returns: preview,
  refusals,
});

export const redeemKey = operation({
  id: "redeemKey",
  method: "POST",
  path: "/api/v1/keys/redemptions",
  auth: "app",
  summary: "Do what the preview showed",
  description:
    "A product key needs `choice` from its preview, and `version` unless it is kept. A partner code needs neither. If " +
    "anything has changed since the preview, nothing is done.",
  body: z.strictObject({
    key: typedKey,
    choice: choiceKind.optional().meta({ example: "start" }),
    version: z.string().max(40).optional().meta({ example: "n7Qe0Zs5vKp2RtYw8LmX4b" }),
    startsItself: z.boolean().optional().meta({
      description: "`keep`: whether the key starts by itself when the running subscription ends.",
      example: false,
    }),
  }),
  returns: redemption,
  refusals: [...refusals, "previewChanged"],
});
