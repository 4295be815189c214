import { z } from "zod";
import { newPasswordField } from "@/app/(entry)/create-account/schema";

export const passwordForm = z.object({ password: newPasswordField });
