import { z } from "zod";
import { emailField } from "@/app/form-fields";

/** Six digits, with any spacing or width. */
export const codeForm = z.object({
  code: z
    .string()
    .transform((text) => text.normalize("NFKC").replace(/[\s\p{Pd}\p{Cf}]/gu, ""))
    .pipe(
      z
        .string()
        .min(1, "code.required")
        .regex(/^\d{6}$/, "code.invalid"),
    ),
});

export const addressForm = z.object({ email: emailField });
