import { z } from "zod";

// Its probe for eval is a violation of the content security policy.
z.config({ jitless: true });

/** Messages are codes of `errors` in lib/messages. */
export const passkeyNameForm = z.object({
  name: z
    .string()
    .trim()
    .min(1, "passkeyName.required")
    .max(60, "passkeyName.tooLong")
    .regex(/^\P{Cc}*$/u, "name.invalid"),
});
