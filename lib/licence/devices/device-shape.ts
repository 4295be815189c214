import { z } from "zod";
import { systems } from "@/lib/brand";

/** Control characters, line separators, and marks that turn the direction of the text around a name. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
/** A letter, digit, sign or picture: a name of spaces and joiners alone cannot be read. */
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

const label = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((text) => SEEN.test(text) && !UNSEEN.test(text));

/** What an app says of the device that it runs on. */
export const deviceShape = z.object({
  /** The random name that the app gave its installation. It stays as long as the app is installed. */
  installId: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  /** As its owner calls it. */
  name: label,
  model: label.nullable(),
  system: z.enum(systems),
});

export type DeviceInfo = z.infer<typeof deviceShape>;
