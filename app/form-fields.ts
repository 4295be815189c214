import { z } from "zod";
import { addressFault } from "@/lib/account/email-address";

// Zod's probe for eval would violate the content security policy.
z.config({ jitless: true });

/*
 * Fields shared by several forms, validated in the browser and on the server by the same schema. Messages are codes of
 * `errors` in lib/messages.
 */

export const emailField = z
  .string()
  .trim()
  .min(1, "email.required")
  .refine((text) => addressFault(text) !== "invalid", { error: "email.invalid", abort: true })
  .refine((text) => addressFault(text) === null, "email.host");

export const newPasswordField = z
  .string()
  .min(1, "password.required")
  .refine((password) => [...password].length >= 8, "password.tooShort")
  .max(1000, "password.tooLong");

/** Characters that turn the direction of the text around them, also of the page's own. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Whether any character can be seen. Blanks, fillers and invisible ones alone leave an empty row. */
export const showsSomething = (text: string) => /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** Text without control characters but its line breaks, and without those that turn its direction. */
export const plainText = (text: string) =>
  text
    .replace(DIRECTION, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n]/gu, " ");

/** @param longest in characters */
const name = (codes: "name" | "passkeyName", longest: number) =>
  z
    .string()
    .overwrite((text) => text.replace(DIRECTION, ""))
    .trim()
    .refine(showsSomething, { error: `${codes}.required`, abort: true })
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
