import { z } from "zod";
import { newPasswordForm } from "@/app/form-fields";

export const resetPasswordForm = newPasswordForm.extend({ token: z.string().max(100) });
