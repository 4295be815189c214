import { z } from "zod";
import { newPasswordField } from "../create-account/schema";

export const resetPasswordForm = z.object({ token: z.string().max(100), password: newPasswordField });
