"use server";

import { redirect } from "next/navigation";
import { enterSession } from "@/lib/account/session/enter-session";
import { beginProof } from "@/lib/account/passkeys/prove-passkey";
import { signInWithPasskey } from "@/lib/account/passkeys/sign-in-with-passkey";
import { available, ifAvailable } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { formOf, secondsUntil } from "@/app/faults";
import type { PasskeyAnswer, ProofOffer } from "@/components/passkey-button";
import { carryLanguage } from "../carry-language";
import { tellKept } from "@/app/account-kept";
import { entryPath, readEntry } from "../entry";
import { currentTime } from "@/lib/clock";

/** Begins a sign-in with a passkey. The page calls it by itself, so it never redirects away from the form. */
export async function beginPasskeySignIn(): Promise<ProofOffer> {
  const context = { now: currentTime(), client: await readClient() };
  const begun = await ifAvailable(beginProof({ accountId: null }, context));
  if (begun?.status === "limited") return { fault: { code: "tooManyAttempts", seconds: secondsUntil(begun.until) } };
  return begun ? { options: begun.options } : { fault: { code: "unexpected" } };
}

/** Signs in with the device's assertion and continues to the requested page. */
export async function finishPasskeySignIn(sent: FormData): Promise<PasskeyAnswer> {
  const form = formOf(sent);
  const entry = readEntry(Object.fromEntries(form), "/home/setup");
  const here = entryPath("/sign-in", entry);
  const client = await readClient();
  const signed = String(form.get("answer") ?? "");
  const answer = await available(here, signInWithPasskey(signed, { now: currentTime(), client }));
  if (answer.status === "refused") return { fault: { code: `passkey.${answer.reason}` } };
  await available(here, enterSession(answer.reference, client));
  await carryLanguage(answer.locale);
  redirect(answer.kept ? tellKept(entry.next) : entry.next);
}
