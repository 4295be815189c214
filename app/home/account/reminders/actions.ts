"use server";

import { redirect } from "next/navigation";
import { changeReminders } from "@/lib/account/profile/change-account";
import { available, requireSender } from "@/app/gate";
import { dropTyped } from "@/lib/account/session/typed-form";
import { formOf } from "@/app/faults";

export async function saveReminders(sent: FormData): Promise<void> {
  const here = "/home/account/reminders";
  const form = formOf(sent);
  const reminders = String(form.get("reminders") ?? "").slice(0, 10);
  const { account } = await requireSender(here, form, { typed: { reminders } });
  if (reminders !== "on" && reminders !== "off") redirect(here);
  const change = { accountId: account.id, wanted: reminders === "on" };
  await available(here, changeReminders(change, { now: new Date() }));
  await dropTyped();
  redirect("/home/account?saved=1");
}
