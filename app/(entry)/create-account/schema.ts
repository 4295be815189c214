import { z } from "zod";
import { emailField, nameField, newPasswordField } from "@/app/form-fields";

export const createAccountForm = z.object({
  name: nameField,
  email: emailField,
  password: newPasswordField,
  country: z.string().regex(/^[A-Z]{2}$/, "country.required"),
  /** A script fills it in. Without JavaScript the account gets the time zone where most people of its country live. */
  timeZone: z.string().max(60).optional(),
});
