"use server";

import { redirect } from "next/navigation";
import { scheduleDeletion } from "@/lib/account/deletion/delete-account";
import { available } from "@/app/gate";
import { getSession, readClient } from "@/lib/account/session/session";
import { dropTyped } from "@/lib/account/session/typed-form";
import { formOf } from "@/app/faults";
import { dropTypedKeys } from "@/app/typed-key";
import { readLinkToken } from "../link-token";
import { currentTime } from "@/lib/clock";

/** Deletes the account whose owner followed the emailed link, and signs out every session, this one too. */
export async function giveUp(sent: FormData): Promise<void> {
  const token = readLinkToken(formOf(sent).get("token"));
  const here = `/delete-account?token=${encodeURIComponent(token)}`;
  const session = await getSession();
  const answer = await available(here, scheduleDeletion({ token }, { now: currentTime(), client: await readClient() }));
  // Another person may be signed in here and in the middle of a task.
  const isOwn = session.status === "valid" && answer.status === "leaving" && session.account.id === answer.accountId;
  if (isOwn) await dropTypedKeys();
  if (isOwn) await dropTyped();
  // The page shows the result.
  redirect(here);
}
