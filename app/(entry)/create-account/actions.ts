"use server";

import { getLocale } from "next-intl/server";
import { redirect } from "next/navigation";
import { defaultTimeZone, isCountryCode, isTimeZone } from "@/lib/account/profile/countries";
import { createAccount } from "@/lib/account/profile/create-account";
import { enterSession } from "@/lib/account/session/enter-session";
import { available } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import type { FormState } from "@/components/form-state";
import { entryPath, readEntry } from "../entry";
import { holdForLater } from "../held-key";
import { createAccountForm } from "./schema";
import { currentTime } from "@/lib/clock";

export type CreateAccountState = FormState<"name" | "email" | "password" | "country">;

/** Creates an account, signs in and continues to the requested page. */
export async function submitCreateAccount(before: CreateAccountState, sent: FormData): Promise<CreateAccountState> {
  const form = formOf(sent);
  const entry = readEntry(Object.fromEntries(form), "/home/setup/key");
  const typed = (name: string) => String(form.get(name) ?? "").slice(0, 300);
  const values = { name: typed("name"), email: typed("email"), country: typed("country") };
  const read = createAccountForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, values);
  const { country, timeZone } = read.data;
  if (!isCountryCode(country)) return fault("country", { code: "country.required" }, before, values);

  const person = {
    ...read.data,
    locale: await getLocale(),
    timeZone: timeZone && isTimeZone(timeZone) ? timeZone : defaultTimeZone(country),
  };
  const here = entryPath("/create-account", entry);
  const client = await readClient();
  const answer = await available(here, createAccount(person, { now: currentTime(), client }));
  switch (answer.status) {
    case "taken":
      return fault("email", { code: "email.taken" }, before, values);
    case "passwordRefused":
      return fault("password", { code: `password.${answer.fault}` }, before, values);
    case "limited":
      return fault("form", { code: "tooManyAttempts", seconds: secondsUntil(answer.until) }, before, values);
    case "created":
      await available(here, enterSession(answer.reference, client));
      await holdForLater({ accountId: answer.accountId, password: read.data.password }, entry.next);
      redirect(entry.next);
  }
}
