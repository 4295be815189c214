import "server-only";
import { readReference, replaceReference } from "@/lib/account/next-auth";
import type { Client } from "@/lib/account/sessions";
import { confirmPassword, type PasswordRefusal } from "@/lib/account/sign-in";

/** Step-up in this browser: confirms the password and puts the renewed session in place of the old one. */
export async function confirmSession(
  attempt: { accountId: string; password: string },
  context: { now: Date; client: Client },
): Promise<{ status: "confirmed" | "ended" } | PasswordRefusal> {
  const reference = await readReference();
  if (!reference) return { status: "ended" };
  const answer = await confirmPassword({ ...attempt, reference }, context);
  if (answer.status !== "confirmed") return answer;
  await replaceReference(answer.reference);
  return { status: "confirmed" };
}
