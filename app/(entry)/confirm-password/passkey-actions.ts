"use server";

import { redirect } from "next/navigation";
import { confirmPasskeyHere } from "@/lib/account/passkeys/confirm-passkey-here";
import { beginProof } from "@/lib/account/passkeys/prove-passkey";
import { available, requireSender } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { formOf, secondsUntil } from "@/app/faults";
import type { PasskeyAnswer, ProofOffer } from "@/components/passkey-button";
import { readWay } from "./way";
import { currentTime } from "@/lib/clock";

/** Begins a step-up with a passkey of the signed-in person. */
export async function beginPasskeyConfirmation(sent: FormData): Promise<ProofOffer> {
  const form = formOf(sent);
  const { here } = readWay(form.get("next"));
  const { account } = await requireSender(here, form);
  const context = { now: currentTime(), client: await readClient() };
  const begun = await available(here, beginProof({ accountId: account.id }, context));
  return begun.status === "limited"
    ? { fault: { code: "tooManyAttempts", seconds: secondsUntil(begun.until) } }
    : { options: begun.options };
}

/** Step-up: verifies the device's assertion and returns to the page that required it. */
export async function finishPasskeyConfirmation(sent: FormData): Promise<PasskeyAnswer> {
  const form = formOf(sent);
  const { next, here } = readWay(form.get("next"));
  const { account } = await requireSender(here, form);
  const attempt = { accountId: account.id, answer: String(form.get("answer") ?? "") };
  const context = { now: currentTime(), client: await readClient() };
  const answer = await available(here, confirmPasskeyHere(attempt, context));
  switch (answer.status) {
    case "refused":
      return { fault: { code: `passkey.${answer.reason}` } };
    case "ended":
      redirect(`/sign-in?next=${encodeURIComponent(next)}`);
    case "confirmed":
      redirect(next);
  }
}
