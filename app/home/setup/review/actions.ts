"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { available, requireSession } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { choiceKinds } from "@/lib/licence/choices";
import { redeemKey } from "@/lib/licence/redeem-key";
import { readTypedKey } from "@/app/typed-key";
import { formOf } from "@/app/faults";
import { currentTime } from "@/lib/clock";

const confirmed = z.object({
  preview: z.string().max(40).catch(""),
  choice: z.enum(choiceKinds).catch("start"),
  version: z.string().max(40).catch(""),
  account: z.string().max(40).catch(""),
});

/** Activates the previewed key of this tab, on the account the page named, if nothing has changed since. */
export async function activate(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { preview, choice, version, account } = confirmed.parse(Object.fromEntries(form));
  const review = `/home/setup/review?p=${encodeURIComponent(preview)}`;
  const session = await requireSession(review);
  const key = await readTypedKey(preview);
  if (!key) redirect("/home/setup/key?again=expired");
  if (account !== session.account.id) redirect(`${review}&again=account`);

  const accountId = session.account.id;
  const network = (await readClient()).addressPrefix;
  const request = { key, accountId, network, choice, previewVersion: version };
  const redemption = await available(review, redeemKey(request, { now: currentTime() }));
  if (redemption.status === "activated" || redemption.status === "alreadyYours") {
    redirect(`/home/setup/done/${redemption.grantId}`);
  }
  // The review page shows a refusal as a page of its own, and a changed preview anew.
  redirect(redemption.status === "previewChanged" ? `${review}&again=changed` : review);
}
