import "server-only";
import { changePassword } from "@/lib/account/password/change-password";
import { readReference, replaceReference } from "@/lib/account/next-auth";
import type { Client, LiveSession } from "@/lib/account/session/sessions";

/** Changes the signed-in person's password and puts the renewed session in place of this browser's old one. */
export async function changePasswordHere(
  { id: sessionId, account }: LiveSession,
  password: string,
  context: { now: Date; client: Client },
) {
  const reference = await readReference();
  if (!reference) return { status: "ended" as const };
  const change = { accountId: account.id, sessionId, reference, password, person: account };
  const answer = await changePassword(change, context);
  if (answer.status !== "changed") return answer;
  await replaceReference(answer.reference);
  return { status: "changed" as const };
}
