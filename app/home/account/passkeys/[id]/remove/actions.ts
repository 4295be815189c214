"use server";

import { redirect } from "next/navigation";
import { removePasskey } from "@/lib/account/passkeys/change-passkey";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { formOf } from "@/app/faults";
import { list, pathOf } from "../../paths";
import { currentTime } from "@/lib/clock";

/** Removes a passkey. For an unknown passkey, or another account's, the response is the same. */
export async function confirmRemoval(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const { id, path } = pathOf(form.get("passkey"));
  const here = `${path}/remove`;
  const { account } = await requireSender(here, form, { fresh: true });
  const context = { now: currentTime(), client: await readClient() };
  await available(here, removePasskey({ id, accountId: account.id }, context));
  redirect(`${list}?done=removed`);
}
