import { z } from "zod";
import { emailField } from "@/app/(entry)/sign-in/schema";

export const emailForm = z.object({ email: emailField });
