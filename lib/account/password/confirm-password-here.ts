import "server-only";
import { confirmPassword } from "@/lib/account/password/sign-in";
import { renewHere } from "@/lib/account/session/renew-here";
import type { Client } from "@/lib/account/session/sessions";

/** {@link confirmPassword} for the caller in this browser. Puts the renewed session into its cookie. */
export const confirmPasswordHere = (
  attempt: { accountId: string; password: string },
  context: { now: Date; client: Client },
) => renewHere((reference) => confirmPassword({ ...attempt, reference }, context));
