"use server";

import { redirect } from "next/navigation";
import { resetPassword } from "@/lib/account/password/reset-password";
import { available } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import type { FormState } from "@/components/form-state";
import { resetPasswordForm } from "./schema";
import { takeWayBack } from "./way-back";
import { currentTime } from "@/lib/clock";

export type ResetPasswordState = FormState<"password">;

/** Sets a new password for the owner of the emailed link, and leads to sign-in. */
export async function submitNewPassword(before: ResetPasswordState, sent: FormData): Promise<ResetPasswordState> {
  const form = formOf(sent);
  const read = resetPasswordForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, {});

  const here = `/reset-password?token=${encodeURIComponent(read.data.token)}`;
  const answer = await available(here, resetPassword(read.data, { now: currentTime(), client: await readClient() }));
  switch (answer.status) {
    case "passwordRefused":
      return fault("password", { code: `password.${answer.fault}` }, before, {});
    case "limited":
      return fault("form", { code: "tooManyAttempts", seconds: secondsUntil(answer.until) }, before, {});
    case "reset": {
      const next = await takeWayBack();
      redirect(`/sign-in?${new URLSearchParams({ ...(next && { next }), reset: "1" })}`);
    }
    default:
      redirect(here);
  }
}
