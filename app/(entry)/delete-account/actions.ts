"use server";

import { redirect } from "next/navigation";
import { giveUpAccount } from "@/lib/account/delete-account";
import { available, readClient } from "@/lib/account/session";
import { dropTyped } from "@/lib/account/typed-form";
import { formOf } from "@/app/faults";
import { dropTypedKeys } from "@/app/home/setup/typed-key";

/** Gives the account up whose owner came by the mail's link, and signs out here as everywhere. */
export async function giveUp(sent: FormData): Promise<void> {
  const token = String(formOf(sent).get("token") ?? "").slice(0, 100);
  const { status } = await available(
    "/home/setup",
    giveUpAccount({ token }, { now: new Date(), client: await readClient() }),
  );
  if (status === "linkOver") redirect("/delete-account?over=1");
  await dropTypedKeys();
  await dropTyped();
  redirect("/delete-account?left=1");
}
