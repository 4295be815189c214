"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSession } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { choiceKinds } from "@/lib/licence/choices";
import { keepKey } from "@/lib/licence/keep-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { readTypedKey } from "@/app/typed-key";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";

const confirmed = z.object({
  preview: z.string().max(40).catch(""),
  choice: z.enum(choiceKinds).catch("start"),
  version: z.string().max(40).catch(""),
  account: z.string().max(40).catch(""),
  /** The button pressed, when it is not *Activate*. */
  press: z.literal("keep").optional().catch(undefined),
  itself: z.literal("yes").optional().catch(undefined),
});

/**
 * Does with the previewed key of this tab what the person chose, on the account the page named: activates it if nothing
 * has changed since, or keeps it for later.
 */
export async function activate(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { preview, choice, version, account, press, itself } = confirmed.parse(Object.fromEntries(form));
  const review = `/home/setup/review?p=${encodeURIComponent(preview)}`;
  const session = await requireSession(review);
  const key = await readTypedKey(preview);
  if (!key) redirect("/home/setup/key?again=expired");
  if (account !== session.account.id) redirect(`${review}&again=account`);

  const accountId = session.account.id;
  const network = (await readClient()).addressPrefix;
  const attempt = { key, accountId, network };
  const now = currentTime();
  if (choice === "keep" || press === "keep") {
    const keeping = await available(review, keepKey({ ...attempt, startsItself: itself === "yes" }, { now }));
    if (keeping.status === "kept") redirect(`/home/subscriptions?kept=${keeping.keptId}#kept`);
    redirect(keeping.status === "alreadyYours" ? `/home/setup/done/${keeping.grantId}?again=yours` : review);
  }
  const request = { ...attempt, choice, previewVersion: version };
  const redemption = await available(review, redeemKey(request, { now }));
  if (redemption.status === "activated" || redemption.status === "alreadyYours") {
    redirect(`/home/setup/done/${redemption.grantId}`);
  }
  // The review page shows a refusal as a page of its own, and a changed preview anew.
  if (redemption.status !== "previewChanged") redirect(review);
  const was = form.get(`until-${choice}`);
  redirect(`${review}&again=changed&${new URLSearchParams({ of: choice, was: String(was).slice(0, 40) })}`);
}
