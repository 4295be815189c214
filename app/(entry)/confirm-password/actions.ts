"use server";

import { redirect } from "next/navigation";
import { confirmPasswordHere } from "@/lib/account/password/confirm-password-here";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import type { FormState } from "@/components/form-state";
import { confirmPasswordForm } from "./schema";
import { readWay } from "./way";
import { currentTime } from "@/lib/clock";

export type ConfirmPasswordState = FormState<"password">;

/** Step-up: verifies the signed-in person's password and returns to the page that required it. */
export async function submitPassword(before: ConfirmPasswordState, sent: FormData): Promise<ConfirmPasswordState> {
  const form = formOf(sent);
  const { next, here } = readWay(form.get("next"));
  const session = await requireSender(here, form);
  const read = confirmPasswordForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, {});

  const attempt = { accountId: session.account.id, password: read.data.password };
  const answer = await available(
    here,
    confirmPasswordHere(attempt, { now: currentTime(), client: await readClient() }),
  );
  switch (answer.status) {
    case "wrong":
      return fault("password", { code: "password.wrong" }, before, {});
    case "locked":
      return fault("form", { code: "credentials.locked", seconds: secondsUntil(answer.until) }, before, {});
    case "ended":
      redirect(`/sign-in?next=${encodeURIComponent(next)}`);
    case "confirmed":
      redirect(next);
  }
}
