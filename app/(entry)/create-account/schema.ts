import { z } from "zod";
import { emailField } from "../sign-in/schema";

/** Messages are codes of `errors` in lib/messages. */
export const nameField = z
  .string()
  .trim()
  .min(1, "name.required")
  .max(100, "name.tooLong")
  .regex(/^\P{Cc}*$/u, "name.invalid");

export const newPasswordField = z
  .string()
  .min(1, "password.required")
  .refine((password) => [...password].length >= 8, "password.tooShort")
  .max(1000, "password.tooLong");

export const createAccountForm = z.object({
  name: nameField,
  email: emailField,
  password: newPasswordField,
  country: z.string().regex(/^[A-Z]{2}$/, "country.required"),
  /** Filled in by a script; without one the country's most populous zone is taken. */
  timeZone: z.string().max(60).optional(),
});
