"use server";

import { redirect } from "next/navigation";
import { available, requireSender } from "@/app/gate";
import { formOf } from "@/app/faults";
import { changeReminders } from "@/lib/account/profile/reminders";
import { currentTime } from "@/lib/clock";

export async function saveReminders(sent: FormData): Promise<void> {
  const here = "/home/account/reminders";
  const form = formOf(sent);
  const { account } = await requireSender(here, form);
  const on = form.get("to") !== "off";
  await available(here, changeReminders({ accountId: account.id, on }, { now: currentTime() }));
  redirect("/home/account?saved=1");
}
