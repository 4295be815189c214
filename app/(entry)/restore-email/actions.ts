"use server";

import { redirect } from "next/navigation";
import { restoreEmail } from "@/lib/account/email/restore-email";
import { available } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { dropTyped } from "@/lib/account/session/typed-form";
import { formOf } from "@/app/faults";
import { readLinkToken } from "../link-token";
import { currentTime } from "@/lib/clock";

/** Restores an account's former address for the owner of the emailed link. */
export async function haveBack(sent: FormData): Promise<void> {
  const token = readLinkToken(formOf(sent).get("token"));
  const here = `/restore-email?token=${encodeURIComponent(token)}`;
  await available(here, restoreEmail({ token }, { now: currentTime(), client: await readClient() }));
  await dropTyped();
  // The page shows the result.
  redirect(here);
}
