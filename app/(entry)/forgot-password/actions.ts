"use server";

import { requestReset } from "@/lib/account/password/request-reset";
import { available } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { answerAfter, fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import { emailForm } from "@/app/form-fields";
import type { FormState } from "@/components/form-state";
import { entryPath, readEntry } from "../entry";
import { holdWayBack } from "../reset-password/way-back";
import { currentTime } from "@/lib/clock";

export type ForgotPasswordState = FormState<"email">;

/** Queues an email with a reset link. The response is the same whether or not there is an account. */
export async function submitForgotPassword(before: ForgotPasswordState, sent: FormData): Promise<ForgotPasswordState> {
  const form = formOf(sent);
  const entry = readEntry(Object.fromEntries(form), "/home/setup");
  const values = { email: String(form.get("email") ?? "").slice(0, 300) };
  const read = emailForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, values);

  const asked = requestReset(read.data, { now: currentTime(), client: await readClient() });
  const answer = await available(entryPath("/forgot-password", entry), asked);
  if (answer.status === "limited")
    return fault("form", { code: "tooManyAttempts", seconds: secondsUntil(answer.until) }, before, values);
  if (entry.sent) await holdWayBack(entry.next);
  return { status: "done", answer: answerAfter(before), values };
}
