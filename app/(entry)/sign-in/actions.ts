"use server";

import { redirect } from "next/navigation";
import { enterSession } from "@/lib/account/session/enter-session";
import { available } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { signIn } from "@/lib/account/password/sign-in";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import type { FormState } from "@/components/form-state";
import { carryLanguage } from "../carry-language";
import { tellKept } from "@/app/account-kept";
import { entryPath, readEntry } from "../entry";
import { findHeldReview } from "../held-key";
import { signInForm } from "./schema";
import { currentTime } from "@/lib/clock";

export type SignInState = FormState<"email" | "password">;

/** Where people go on who were not on their way to another page. */
const start = "/home/setup";

/** Signs in with email and password and continues to the requested page. */
export async function submitSignIn(before: SignInState, sent: FormData): Promise<SignInState> {
  const form = formOf(sent);
  const entry = readEntry(Object.fromEntries(form), start);
  const values = { email: String(form.get("email") ?? "").slice(0, 300) };
  const read = signInForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, values);

  const here = entryPath("/sign-in", entry);
  const client = await readClient();
  const answer = await available(here, signIn(read.data, { now: currentTime(), client }));
  if (answer.status === "wrong") return fault("form", { code: "credentials.wrong" }, before, values);
  if (answer.status === "locked") {
    return fault("form", { code: "credentials.locked", seconds: secondsUntil(answer.until) }, before, values);
  }
  if (answer.status === "limited") {
    return fault("form", { code: "tooManyAttempts", seconds: secondsUntil(answer.until) }, before, values);
  }
  await available(here, enterSession(answer.reference, client));
  await carryLanguage(answer.locale);
  const person = { accountId: answer.accountId, password: read.data.password };
  const next = (entry.next === start ? await findHeldReview(person) : null) ?? entry.next;
  redirect(answer.kept ? tellKept(next) : next);
}
