import { z } from "zod";

// zod probes for eval, which the content security policy reports as a violation.
z.config({ jitless: true });

export const confirmPasswordForm = z.object({
  password: z.string().min(1, "password.required").max(1000, "password.wrong"),
});
