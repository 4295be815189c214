import { z } from "zod";
import { isEmailAddress } from "@/lib/account/email-address";

// Zod's probe for eval would violate the content security policy.
z.config({ jitless: true });

/*
 * Fields shared by several forms, validated in the browser and on the server by the same schema. Messages are codes of
 * `errors` in lib/messages.
 */

export const emailField = z.string().trim().min(1, "email.required").refine(isEmailAddress, "email.invalid");

export const newPasswordField = z
  .string()
  .min(1, "password.required")
  .refine((password) => [...password].length >= 8, "password.tooShort")
  .max(1000, "password.tooLong");

/** @param longest in characters */
const name = (codes: "name" | "passkeyName", longest: number) =>
  z
    .string()
    .trim()
    .min(1, `${codes}.required`)
    .max(longest, `${codes}.tooLong`)
    .regex(/^\P{Cc}*$/u, "name.invalid");

export const nameField = name("name", 100);

export const emailForm = z.object({ email: emailField });

export const newPasswordForm = z.object({ password: newPasswordField });

/** By the kind of thing named. */
export const nameForms = {
  person: z.object({ name: nameField }),
  passkey: z.object({ name: name("passkeyName", 60) }),
};
