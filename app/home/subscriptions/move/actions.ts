"use server";

import { redirect } from "next/navigation";
import { available, requireSender } from "@/app/gate";
import { formOf } from "@/app/faults";
import { readOfferedMove } from "@/app/offered-move";
import { currentTime } from "@/lib/clock";
import { moveKey } from "@/lib/licence/move-key";

/**
 * Moves the key that was offered in this browser to the account that is signed in now. The form names the key, so that an
 * offer made meanwhile in another tab is not taken for it.
 */
export async function accept(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const here = "/home/subscriptions/move";
  const { account } = await requireSender(here, form, { fresh: true });
  const offered = await readOfferedMove();
  if (!offered || offered.from === account.id) redirect(here);
  if (form.get("key") !== offered.id) redirect(`${here}?again=changed`);
  const { status } = await available(here, moveKey({ ...offered, to: account.id }, { now: currentTime() }));
  if (status === "moved") redirect("/home/subscriptions?kept=moved#kept");
  redirect(status === "changed" || status === "region" ? `${here}?again=${status}` : here);
}
