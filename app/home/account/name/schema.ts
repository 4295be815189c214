import { z } from "zod";
import { nameField } from "@/app/(entry)/create-account/schema";

export const nameForm = z.object({ name: nameField });
