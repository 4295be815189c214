import "server-only";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { z } from "zod";
import { parseJson } from "@/lib/account/parse-json";

z.config({ jitless: true });

/** Characters in a response, as it arrives. */
const LONGEST = 40_000;

const bytes = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[\w-]+$/);

/** A credential's id has at most 1023 bytes (Web Authentication, 5.8.3). */
const credential = { id: bytes(1_364), rawId: bytes(1_364), type: z.literal("public-key") };
const clientDataJSON = bytes(4_000);

const transport = z.enum(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]);
const transports = z
  .array(z.string().max(40))
  .max(20)
  .nullish()
  .transform((all) => (all ?? []).flatMap((one) => transport.safeParse(one).data ?? []));

const registration = z.object({
  ...credential,
  response: z.object({ clientDataJSON, attestationObject: bytes(20_000), transports }),
});

const authentication = z.object({
  ...credential,
  response: z.object({
    clientDataJSON,
    authenticatorData: bytes(4_000),
    signature: bytes(2_000),
    /** At most 64 bytes. */
    userHandle: bytes(86)
      .nullish()
      .transform((handle) => handle ?? undefined),
  }),
});

/** A response and its challenge. Do not trust the challenge before it is taken. */
type Read<Answer> = { answer: Answer; challenge: string };

/** Parses a browser's response for a new passkey, within size limits; null when invalid. @param text JSON */
export const readRegistration = (text: string): Read<RegistrationResponseJSON> | null => read(registration, text);

/** Parses a browser's response from an existing passkey, within size limits; null when invalid. @param text JSON */
export const readAuthentication = (text: string): Read<AuthenticationResponseJSON> | null => read(authentication, text);

const signed = z.object({ challenge: bytes(100) });

function read<Answer extends { response: { clientDataJSON: string } }>(
  shape: z.ZodType<Answer>,
  text: string,
): Read<Answer & { clientExtensionResults: object }> | null {
  if (text.length > LONGEST) return null;
  const { data: answer } = shape.safeParse(parseJson(text));
  const said = answer && Buffer.from(answer.response.clientDataJSON, "base64url").toString();
  const { data } = signed.safeParse(parseJson(said ?? ""));
  return answer && data ? { answer: { ...answer, clientExtensionResults: {} }, challenge: data.challenge } : null;
}
