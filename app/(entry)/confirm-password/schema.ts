import { z } from "zod";

// Its probe for eval is a violation of the content security policy.
z.config({ jitless: true });

export const confirmPasswordForm = z.object({
  password: z.string().min(1, "password.required").max(1000, "password.wrong"),
});
