import { z } from "zod";
import { operation } from "@/app/api/serving/operation";
import { device } from "@/app/api/shapes/activation";

const path = z.strictObject({
  code: z
    .string()
    .max(100)
    .meta({ description: "Eight characters, as somebody types or scans them.", example: "K7QF-2MXW" }),
});

const challenge = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .meta({
    description: "SHA-256 of a secret that only the device has, base64url: the PKCE challenge S256 (RFC 7636).",
    example: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  });

const claim = z
  .strictObject({
    state: z.enum(["claimed", "confirmed", "refused", "expired"]),
    number: z.int().meta({ description: "Two digits that both screens show for comparison." }),
    expiresAt: z.iso.datetime(),
  })
  .meta({
    id: "Claim",
    description: "A code as the device that claimed it sees it. It tells nothing of the account.",
    example: { state: "claimed", number: 47, expiresAt: "2027-03-14T09:36:53.000Z" },
  });

export const claimHandoff = operation({
  id: "claimHandoff",
  method: "POST",
  path: "/api/v1/handoffs/{code}/claim",
  auth: "anybody",
  summary: "Claim the code that another screen shows",
  description:
    "One device gets the code. It shows `number`, and the person at the other screen says yes or no there. Then exchange " +
    "the code at `/oauth/token` with the grant type `urn:setup-portal:grant-type:handoff` and the secret.",
  params: path,
  unknown: "handoffUnknown",
  body: z.strictObject({ clientId: z.string().min(1).max(64).meta({ example: "reference-phone" }), challenge, device }),
  returns: claim,
  refusals: ["handoffUnknown", "handoffUsedByAnother", "unknownClient", "tooManyCodes"],
});

export const getClaim = operation({
  id: "getClaim",
  method: "GET",
  path: "/api/v1/handoffs/{code}",
  auth: "anybody",
  summary: "Say how a claimed code goes on",
  params: path,
  unknown: "handoffUnknown",
  query: z.strictObject({ challenge }),
  returns: claim,
  refusals: ["handoffUnknown", "tooManyCodes"],
});
