import { z } from "zod";
import { operation } from "@/app/api/serving/operation";
import { examples } from "@/app/api/shapes/examples";

const account = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    emailConfirmed: z.boolean(),
    country: z.string().meta({ description: "ISO 3166-1 alpha-2. It decides where keys can be used." }),
    locale: z.string().meta({ description: "The language of the account’s emails." }),
    timeZone: z.string().meta({ description: "IANA name. Dates are best shown in it." }),
    deviceId: z.uuid().nullable().meta({ description: "The app’s device. Null until it has activated one." }),
  })
  .meta({
    id: "Account",
    example: {
      ...{ id: examples.id, name: "Camille Martin", email: "camille@example.org", emailConfirmed: true },
      ...{ country: "FR", locale: "fr", timeZone: "Europe/Paris", deviceId: examples.device },
    },
  });

export const getAccount = operation({
  id: "getAccount",
  method: "GET",
  path: "/api/v1/account",
  auth: "app",
  summary: "Say whose account it is",
  returns: account,
  refusals: [],
});
