"use server";

import { redirect } from "next/navigation";
import { fault, faultsOf, formOf, secondsUntil } from "@/app/faults";
import { available, requireSender } from "@/app/gate";
import { readTypedKey } from "@/app/typed-key";
import type { FormState } from "@/components/form-state";
import { readClient } from "@/lib/account/session/session";
import { dropTyped, holdTyped } from "@/lib/account/session/typed-form";
import { currentTime } from "@/lib/clock";
import { openDispute } from "@/lib/licence/disputes/open-dispute";
import { disputePath, sentPath } from "./paths";
import { readClaim } from "./read-claim";
import { disputeForm, type DisputeField } from "./schema";

/** Opens a case for the key of this tab's preview, which another account uses. */
export async function sendDispute(before: FormState<DisputeField>, sent: FormData): Promise<FormState<DisputeField>> {
  const form = formOf(sent);
  const previewId = String(form.get("preview") ?? "").slice(0, 40);
  const here = disputePath(previewId);
  const typed = readClaim(form);
  const { account } = await requireSender(here, form, { typed });
  const key = await readTypedKey(previewId);
  if (!key) {
    const isHeld = await holdTyped(here, account.id, typed);
    redirect(`/home/setup/key?again=${isHeld ? "dispute" : "expired"}`);
  }
  const read = disputeForm.safeParse(typed);
  if (!read.success) return faultsOf(read.error, before, typed);

  const network = (await readClient()).addressPrefix;
  const asked = { key, accountId: account.id, network, claim: read.data };
  const opening = await available(here, openDispute(asked, { now: currentTime() }));
  if (opening.status === "tooMany") {
    return fault("form", { code: "dispute.limited", seconds: secondsUntil(opening.until) }, before, typed);
  }
  await dropTyped();
  // The review says what is the matter with the key now.
  if (opening.status !== "opened") redirect(`/home/setup/review?p=${encodeURIComponent(previewId)}`);
  redirect(sentPath(opening.disputeId));
}
