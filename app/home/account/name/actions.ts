"use server";

import { redirect } from "next/navigation";
import { changeName } from "@/lib/account/profile/change-account";
import { available, requireSender } from "@/app/gate";
import { dropTyped } from "@/lib/account/session/typed-form";
import type { FormState } from "@/components/form-state";
import { faultsOf, formOf } from "@/app/faults";
import { nameForms } from "@/app/form-fields";
import { currentTime } from "@/lib/clock";

export async function saveName(before: FormState<"name">, sent: FormData): Promise<FormState<"name">> {
  const here = "/home/account/name";
  const form = formOf(sent);
  const typed = { name: String(form.get("name") ?? "").slice(0, 300) };
  const { account } = await requireSender(here, form, { typed });
  const read = nameForms.person.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, typed);
  await available(here, changeName({ accountId: account.id, name: read.data.name }, { now: currentTime() }));
  await dropTyped();
  redirect("/home/account?saved=1");
}
