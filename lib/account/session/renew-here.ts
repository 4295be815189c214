import "server-only";
import { findReference, replaceReference } from "@/lib/account/next-auth";

type WithoutReference<Answer> = Answer extends { reference: string } ? Omit<Answer, "reference"> : Answer;

/**
 * Runs a use case that renews the caller's session, and puts the new reference into this browser's cookie.
 * @param verb takes the present reference and returns the new one, or a refusal
 * @returns the answer of `verb`; `ended` when this browser has no session
 */
export async function renewHere<Answer extends { status: string }>(
  verb: (reference: string) => Promise<Answer>,
): Promise<WithoutReference<Answer> | { status: "ended" }> {
  const present = await findReference();
  if (!present) return { status: "ended" };
  const { reference, ...answer } = (await verb(present)) as Answer & { reference?: string };
  if (reference) await replaceReference(reference);
  return answer as WithoutReference<Answer>;
}
