"use server";

import { redirect } from "next/navigation";
import { changePasswordHere } from "@/lib/account/password/change-password-here";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import { newPasswordForm } from "@/app/form-fields";
import type { FormState } from "@/components/form-state";
import { currentTime } from "@/lib/clock";

const here = "/home/account/password";

/** Changes the password after a recent step-up, and signs the person out everywhere else. */
export async function savePassword(before: FormState<"password">, sent: FormData): Promise<FormState<"password">> {
  const form = formOf(sent);
  const session = await requireSender(here, form, { fresh: true });
  const read = newPasswordForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, {});

  const context = { now: currentTime(), client: await readClient() };
  const answer = await available(here, changePasswordHere(session, read.data.password, context));
  switch (answer.status) {
    case "passwordRefused":
      return fault("password", { code: `password.${answer.fault}` }, before, {});
    case "limited":
      return fault("form", { code: "tooManyAttempts", seconds: secondsUntil(answer.until) }, before, {});
    case "ended":
      redirect(`/sign-in?next=${encodeURIComponent(here)}&ended=1`);
    case "changed":
      redirect(`${here}?changed=1`);
  }
}
