import { z } from "zod";
import { emailField } from "@/app/form-fields";

export const signInForm = z.object({
  email: emailField,
  // The bound keeps a huge text from being hashed. No password is that long.
  password: z.string().min(1, "password.required").max(1000, "credentials.wrong"),
});
