import { z } from "zod";
import { operation } from "@/app/api/serving/operation";
import { examples } from "@/app/api/shapes/examples";
import { productCodes } from "@/lib/brand";

export const getEntitlement = operation({
  id: "getEntitlement",
  method: "GET",
  path: "/api/v1/entitlement",
  auth: "app",
  summary: "Prove offline that this device is protected",
  description:
    "`token` is a compact JWS (RFC 7515), signed with Ed25519 (`alg` EdDSA), whose header has the `typ` entitlement+jwt. " +
    "Verify it with the keys at `/.well-known/jwks.json`, then its claims: `iss` is the site’s address, `sub` the app’s " +
    "`installId`, `product`, `subscription`, `ends` (null under a lease), `iat` and `exp`. It holds for a day at most and " +
    "never past the end of the subscription. Ask once a day.",
  returns: z
    .strictObject({
      token: z.string(),
      product: z.enum(productCodes),
      subscriptionId: z.uuid(),
      endsAt: z.iso.datetime().nullable().meta({ description: "Null: a lease runs." }),
      expiresAt: z.iso.datetime().meta({ description: "From when the token must be refused." }),
    })
    .meta({
      id: "Entitlement",
      example: {
        token: "eyJhbGciOiJFZERTQSIsInR5cCI6ImVudGl0bGVtZW50K2p3dCJ9.eyJzdWIiOiJRbTR4VDl3WjJuQjdrTHJWIn0.c2lnbmF0dXJl",
        ...{ product: "norton-360-deluxe", subscriptionId: examples.subscription },
        ...{ endsAt: examples.end, expiresAt: "2027-03-15T09:26:53.000Z" },
      },
    }),
  refusals: ["notProtected"],
});
