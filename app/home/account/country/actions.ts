"use server";

import { redirect } from "next/navigation";
import { changeCountry } from "@/lib/account/profile/change-account";
import { isCountryCode } from "@/lib/account/profile/countries";
import { available, requireSender } from "@/app/gate";
import { dropTyped } from "@/lib/account/session/typed-form";
import { formOf } from "@/app/faults";
import { wayOf } from "./way";
import { currentTime } from "@/lib/clock";

export async function saveCountry(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { here, next } = wayOf(form.get("next"));
  const country = String(form.get("country") ?? "").slice(0, 10);
  const { account } = await requireSender(here, form, { typed: { country } });
  // The page's list has countries only.
  if (!isCountryCode(country)) redirect(here);
  await available(here, changeCountry({ accountId: account.id, country }, { now: currentTime() }));
  await dropTyped();
  redirect(next || "/home/account?saved=1");
}
