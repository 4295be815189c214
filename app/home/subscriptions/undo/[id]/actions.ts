"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSender } from "@/app/gate";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";
import { undoRedemption } from "@/lib/licence/undo-redemption";

const shown = z.object({ grant: z.uuid(), end: z.string().max(40) });

/** Takes an activation back, if its effect is still the one that the page showed. */
export async function undo(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const asked = shown.safeParse(Object.fromEntries(form));
  if (!asked.success) redirect("/home/subscriptions");
  const { grant: grantId, end: shownEnd } = asked.data;
  const here = `/home/subscriptions/undo/${grantId}`;
  const { account } = await requireSender(here, form);
  const undoing = undoRedemption({ grantId, accountId: account.id, shownEnd }, { now: currentTime() });
  const { status } = await available(here, undoing);
  if (status === "changed") redirect(`${here}?again=changed`);
  redirect(status === "undone" ? "/home/subscriptions?kept=undone#kept" : here);
}
