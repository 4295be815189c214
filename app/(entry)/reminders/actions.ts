"use server";

import { redirect } from "next/navigation";
import { available } from "@/app/gate";
import { formOf } from "@/app/faults";
import { changeReminders, readReminderToken } from "@/lib/account/profile/reminders";
import { currentTime } from "@/lib/clock";

/** Turns reminders off for the account of an emailed link. The page then shows that they are. */
export async function stopReminders(sent: FormData): Promise<void> {
  const token = String(formOf(sent).get("token") ?? "").slice(0, 100);
  const here = `/reminders?token=${encodeURIComponent(token)}`;
  const accountId = readReminderToken(token);
  if (accountId) await available(here, changeReminders({ accountId, on: false }, { now: currentTime() }));
  redirect(here);
}
