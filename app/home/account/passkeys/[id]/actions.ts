"use server";

import { redirect } from "next/navigation";
import { renamePasskey } from "@/lib/account/passkeys/change-passkey";
import { available, requireSender } from "@/app/gate";
import { dropTyped } from "@/lib/account/session/typed-form";
import type { FormState } from "@/components/form-state";
import { faultsOf, formOf } from "@/app/faults";
import { nameForms } from "@/app/form-fields";
import { list, pathOf } from "../paths";
import { currentTime } from "@/lib/clock";

/** Names a passkey. */
export async function savePasskeyName(before: FormState<"name">, sent: FormData): Promise<FormState<"name">> {
  const form = formOf(sent);
  const { id, path } = pathOf(form.get("passkey"));
  const typed = { name: String(form.get("name") ?? "").slice(0, 300) };
  const { account } = await requireSender(path, form, { typed });
  const read = nameForms.passkey.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, typed);
  const change = { id, accountId: account.id, name: read.data.name };
  const isTheirs = await available(path, renamePasskey(change, { now: currentTime() }));
  await dropTyped();
  redirect(`${list}?done=${isTheirs ? "renamed" : "gone"}`);
}
