"use server";

import { redirect } from "next/navigation";
import { changeTimeZone } from "@/lib/account/profile/change-account";
import { isTimeZone } from "@/lib/account/profile/countries";
import { available, requireSender } from "@/app/gate";
import { dropTyped } from "@/lib/account/session/typed-form";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";

export async function saveTimeZone(sent: FormData): Promise<void> {
  const here = "/home/account/time-zone";
  const form = formOf(sent);
  const timeZone = String(form.get("timeZone") ?? "").slice(0, 60);
  const { account } = await requireSender(here, form, { typed: { timeZone } });
  // The page's list has time zones only.
  if (!isTimeZone(timeZone)) redirect(here);
  await available(here, changeTimeZone({ accountId: account.id, timeZone }, { now: currentTime() }));
  await dropTyped();
  redirect("/home/account?saved=1");
}
