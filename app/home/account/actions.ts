"use server";

import { redirect } from "next/navigation";
import { revalidatePath } from "next/cache";
import { changeName } from "@/lib/account/change-account";
import { endSession } from "@/lib/account/end-session";
import { available, requireSession } from "@/lib/account/session";
import type { FormState } from "@/components/form-state";
import { dropTypedKeys } from "@/app/home/setup/typed-key";
import { nameForm } from "@/app/home/account/schema";
import { answerAfter, faultsOf, formOf } from "@/app/faults";

export async function saveName(before: FormState<"name">, sent: FormData): Promise<FormState<"name">> {
  const form = formOf(sent);
  const session = await requireSession("/home/account");
  const read = nameForm.safeParse(Object.fromEntries(form));
  if (!read.success) return faultsOf(read.error, before, { name: String(form.get("name") ?? "") });
  await available(
    "/home/account",
    changeName({ accountId: session.account.id, name: read.data.name }, { now: new Date() }),
  );
  revalidatePath("/home/account");
  return { status: "done", answer: answerAfter(before) };
}

/** Ends the session here and in the database, forgets typed keys, and goes back to the beginning. */
export async function signOut(): Promise<void> {
  await available("/home/account", endSession({ now: new Date() }));
  await dropTypedKeys();
  redirect("/home/setup?signed-out=1");
}
