import "server-only";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { dropSession, findReference } from "@/lib/account/next-auth";
import { revokeSession } from "@/lib/account/session/sessions";

/**
 * Ends this browser's session, if it has one. It is revoked in the database first, so a copied cookie stops working
 * too.
 */
export async function endSession({ now }: { now: Date }): Promise<void> {
  const reference = await findReference();
  if (!reference) return;
  const ended = await revokeSession(reference);
  if (ended) await recordEvent(db(), { action: "session.ended", accountId: ended.accountId, at: now });
  await dropSession();
}
