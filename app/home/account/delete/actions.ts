"use server";

import { redirect } from "next/navigation";
import { askToDelete } from "@/lib/account/deletion/delete-account";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { fault, formOf, secondsUntil } from "@/app/faults";
import type { FormState } from "@/components/form-state";
import { currentTime } from "@/lib/clock";

const here = "/home/account/delete";

/** Sends the email that confirms the account's deletion. */
export async function askDeletion(before: FormState<never>, sent: FormData): Promise<FormState<never>> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form, { fresh: true });
  const asked = askToDelete({ accountId: account.id }, { now: currentTime(), client: await readClient() });
  const answer = await available(here, asked);
  if (answer.status === "limited") {
    return fault("form", { code: "tooManyMails", seconds: secondsUntil(answer.until) }, before, {});
  }
  redirect(`${here}?sent=${form.get("again") === "yes" ? "again" : "1"}`);
}
