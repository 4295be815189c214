import { z } from "zod";

export const confirmPasswordForm = z.object({
  password: z.string().min(1, "password.required").max(1000, "password.wrong"),
});
