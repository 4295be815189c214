import { z } from "zod";
import { emailField } from "../sign-in/schema";

export const forgotPasswordForm = z.object({ email: emailField });
