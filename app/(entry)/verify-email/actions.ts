"use server";

import { redirect } from "next/navigation";
import { askAgain } from "@/lib/account/email/ask-to-confirm";
import { confirmEmail, confirmEmailByCode } from "@/lib/account/email/confirm-email";
import { correctEmail } from "@/lib/account/email/correct-email";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { dropTyped } from "@/lib/account/session/typed-form";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import type { Fault, FormState } from "@/components/form-state";
import { addressForm, codeForm } from "./schema";
import { readLinkToken } from "../link-token";
import { currentTime } from "@/lib/clock";

const here = "/verify-email";

/**
 * Confirms the address that the emailed link was sent to, whoever is signed in here. The page then shows the result.
 */
export async function confirmByLink(sent: FormData): Promise<void> {
  const token = readLinkToken(formOf(sent).get("token"));
  const page = `${here}?token=${encodeURIComponent(token)}`;
  const answer = await available(page, confirmEmail(token, { now: currentTime(), client: await readClient() }));
  redirect(answer.status === "taken" ? `${page}&taken=1` : page);
}

/** Confirms the signed-in person's address by the six-digit code. */
export async function confirmByCode(before: FormState<"code">, sent: FormData): Promise<FormState<"code">> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const values = { code: String(form.get("code") ?? "").slice(0, 50) };
  const read = codeForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, values);

  const context = { now: currentTime(), client: await readClient() };
  const answer = await available(here, confirmEmailByCode({ accountId: account.id, ...read.data }, context));
  switch (answer.status) {
    case "wrong":
      return fault("code", { code: answer.triesLeft === 1 ? "code.lastTry" : "code.wrong" }, before, values);
    case "taken":
      return fault("form", { code: "email.takenMeanwhile" }, before, values);
    case "over":
      redirect(`${here}?over=1`);
    case "confirmed":
      redirect(here);
  }
}

/** Sends another email, which replaces the previous one. */
export async function sendAgain(before: FormState<never>, sent: FormData): Promise<FormState<never>> {
  const { account } = await requireSender(here, formOf(sent));
  const answer = await available(here, askAgain({ accountId: account.id }, { now: currentTime() }));
  if (answer.status === "limited") return fault("form", tooSoon(answer.until), before, {});
  redirect(answer.status === "sent" ? `${here}?sent=1` : here);
}

/** Corrects an unconfirmed address and sends the email to the new one. */
export async function saveAddress(before: FormState<"email">, sent: FormData): Promise<FormState<"email">> {
  const form = formOf(sent);
  const typed = { email: String(form.get("email") ?? "").slice(0, 300) };
  const { account } = await requireSender(here, form, { typed, fresh: true });
  const read = addressForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, typed);

  const wish = { accountId: account.id, ...read.data };
  const answer = await available(here, correctEmail(wish, { now: currentTime(), client: await readClient() }));
  if (answer.status === "limited") return fault("form", tooSoon(answer.until), before, typed);
  if (answer.status === "taken") return fault("email", { code: "email.taken" }, before, typed);
  await dropTyped();
  redirect(answer.status === "corrected" ? `${here}?sent=1` : here);
}

function tooSoon(until: Date): Fault {
  const seconds = secondsUntil(until);
  return { code: seconds > 60 ? "tooManyMails" : "mailJustSent", seconds };
}
