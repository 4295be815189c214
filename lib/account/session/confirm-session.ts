import "server-only";
import { readReference, replaceReference } from "@/lib/account/next-auth";
import { confirmWithPasskey } from "@/lib/account/passkeys/confirm-with-passkey";
import type { PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import type { Client } from "@/lib/account/session/sessions";
import { confirmPassword, type PasswordRefusal } from "@/lib/account/session/sign-in";

type Context = { now: Date; client: Client };
type Confirmed = { status: "confirmed"; reference: string };

/** Step-up in this browser: confirms the password and puts the renewed session in place of the old one. */
export const confirmSession = (
  attempt: { accountId: string; password: string },
  context: Context,
): Promise<{ status: "confirmed" | "ended" } | PasswordRefusal> =>
  renewedHere((reference) => confirmPassword({ ...attempt, reference }, context));

/** As {@link confirmSession}, by a passkey. @param attempt.answer what the browser gave, as JSON */
export const confirmSessionByPasskey = (
  attempt: { accountId: string; answer: string },
  context: Context,
): Promise<{ status: "confirmed" | "ended" } | PasskeyRefusal> =>
  renewedHere((reference) => confirmWithPasskey({ ...attempt, reference }, context));

async function renewedHere<Other extends { status: string }>(
  confirm: (reference: string) => Promise<Confirmed | Other>,
): Promise<{ status: "confirmed" | "ended" } | Other> {
  const reference = await readReference();
  if (!reference) return { status: "ended" };
  const answer = await confirm(reference);
  if (!isConfirmed(answer)) return answer;
  await replaceReference(answer.reference);
  return { status: "confirmed" };
}

const isConfirmed = (answer: { status: string }): answer is Confirmed => answer.status === "confirmed";
