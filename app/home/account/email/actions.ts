"use server";

import { redirect } from "next/navigation";
import { askToChangeEmail, cancelEmailChange } from "@/lib/account/email/change-email";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { dropTyped } from "@/lib/account/session/typed-form";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import { emailForm } from "@/app/form-fields";
import type { FormState } from "@/components/form-state";
import { currentTime } from "@/lib/clock";

const here = "/home/account/email";

/** Requests a change of address. Requires a recent step-up. */
export async function changeEmail(before: FormState<"email">, sent: FormData): Promise<FormState<"email">> {
  const form = formOf(sent);
  const typed = { email: String(form.get("email") ?? "").slice(0, 300) };
  const { account } = await requireSender(here, form, { typed, fresh: true });
  const read = emailForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, typed);

  const wish = { accountId: account.id, email: read.data.email };
  const context = { now: currentTime(), client: await readClient() };
  const answer = await available(here, askToChangeEmail(wish, context));
  switch (answer.status) {
    case "same":
      return fault("email", { code: "newEmail.same" }, before, typed);
    case "taken":
      return fault("email", { code: "newEmail.taken" }, before, typed);
    case "limited":
      return fault("form", { code: "newEmail.limited", seconds: secondsUntil(answer.until) }, before, typed);
    case "asked":
    case "corrected":
      await dropTyped();
      redirect(answer.status === "asked" ? here : "/verify-email");
  }
}

/** Cancels a pending change of address. */
export async function cancelChange(sent: FormData): Promise<void> {
  const { account } = await requireSender(here, formOf(sent));
  const context = { now: currentTime(), client: await readClient() };
  await available(here, cancelEmailChange({ accountId: account.id }, context));
  redirect("/home/account?kept=email");
}
