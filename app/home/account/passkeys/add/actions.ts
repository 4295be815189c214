"use server";

import { redirect } from "next/navigation";
import { browserName } from "@/lib/account/session/browser-name";
import { addPasskey, beginAddingPasskey } from "@/lib/account/passkeys/add-passkey";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { browserInWords } from "@/lib/messages/browser-words";
import { formOf, secondsUntil } from "@/app/faults";
import type { NewPasskeyOffer, PasskeyAnswer } from "@/components/passkey-button";
import { currentTime } from "@/lib/clock";

const here = "/home/account/passkeys/add";
/** Characters of a name. */
const LONGEST = 60;

/** Begins adding a passkey to the account. */
export async function beginAdding(sent: FormData): Promise<NewPasskeyOffer> {
  const { account } = await requireSender(here, formOf(sent), { fresh: true });
  const context = { now: currentTime(), client: await readClient() };
  const begun = await available(here, beginAddingPasskey({ accountId: account.id }, context));
  switch (begun.status) {
    case "limited":
      return { fault: { code: "tooManyAttempts", seconds: secondsUntil(begun.until) } };
    case "tooMany":
      return { fault: { code: "passkey.tooMany" } };
    case "begun":
      return { options: begun.options };
  }
}

/** Stores the new passkey under the name of the device, and redirects to the page that can rename it. */
export async function finishAdding(sent: FormData): Promise<PasskeyAnswer> {
  const form = formOf(sent);
  const { account } = await requireSender(here, form, { fresh: true });
  const client = await readClient();
  const name = await nameFor(client.userAgent);
  const made = { accountId: account.id, answer: String(form.get("answer") ?? ""), name };
  const added = await available(here, addPasskey(made, { now: currentTime(), client }));
  switch (added.status) {
    case "refused":
      return { fault: { code: `passkey.${added.reason}` } };
    case "tooMany":
      return { fault: { code: "passkey.tooMany" } };
    case "added":
      redirect(`/home/account/passkeys/${added.id}?new=1`);
  }
}

/** Names a passkey after the device that made it, because its owner will look for it there. */
const nameFor = async (userAgent: string | null): Promise<string> =>
  [...(await browserInWords(browserName(userAgent)))].slice(0, LONGEST).join("");
