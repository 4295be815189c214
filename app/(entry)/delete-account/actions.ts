"use server";

import { redirect } from "next/navigation";
import { giveUpAccount } from "@/lib/account/deletion/delete-account";
import { available } from "@/app/gate";
import { getSession, readClient } from "@/lib/account/session/session";
import { dropTyped } from "@/lib/account/session/typed-form";
import { formOf } from "@/app/faults";
import { dropTypedKeys } from "@/app/typed-key";

/** Gives the account up whose owner came by the mail's link, and signs out here as everywhere. */
export async function giveUp(sent: FormData): Promise<void> {
  const token = String(formOf(sent).get("token") ?? "").slice(0, 100);
  const here = `/delete-account?token=${encodeURIComponent(token)}`;
  const session = await getSession();
  const answer = await available(here, giveUpAccount({ token }, { now: new Date(), client: await readClient() }));
  // Somebody else may be signed in here, and in the middle of something.
  const isOwn = session.status === "valid" && answer.status === "leaving" && session.account.id === answer.accountId;
  if (isOwn) await dropTypedKeys();
  if (isOwn) await dropTyped();
  // The page says what has become of the link.
  redirect(here);
}
