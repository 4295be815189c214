"use server";

import { redirect } from "next/navigation";
import { revalidatePath } from "next/cache";
import { changeName } from "@/lib/account/change-account";
import { endSession } from "@/lib/account/end-session";
import { available, requireSession } from "@/lib/account/session";
import { dropTyped } from "@/lib/account/typed-form";
import type { FormState } from "@/components/form-state";
import { dropTypedKeys } from "@/app/home/setup/typed-key";
import { nameForm } from "@/app/home/account/schema";
import { answerAfter, faultsOf, formOf } from "@/app/faults";

export async function saveName(before: FormState<"name">, sent: FormData): Promise<FormState<"name">> {
  const form = formOf(sent);
  const name = String(form.get("name") ?? "").slice(0, 300);
  const session = await requireSession("/home/account", { name });
  const read = nameForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, { name });
  await available(
    "/home/account",
    changeName({ accountId: session.account.id, name: read.data.name }, { now: new Date() }),
  );
  await dropTyped();
  revalidatePath("/home/account");
  return { status: "done", answer: answerAfter(before) };
}

/** Ends the session here and in the database, forgets typed keys, and goes back to the beginning. */
export async function signOut(): Promise<void> {
  await available("/home/account", endSession({ now: new Date() }));
  await dropTypedKeys();
  await dropTyped();
  redirect("/home/setup?signed-out=1");
}
