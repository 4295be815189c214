import { z } from "zod";
import { isEmailAddress } from "@/lib/account/email/email-address";

// Its probe for eval is a violation of the content security policy.
z.config({ jitless: true });

/** Messages are codes of `errors` in lib/messages. */
export const emailField = z.string().trim().min(1, "email.required").refine(isEmailAddress, "email.invalid");

export const signInForm = z.object({
  email: emailField,
  // The bound keeps a huge text from being hashed; no password is that long.
  password: z.string().min(1, "password.required").max(1000, "credentials.wrong"),
});
