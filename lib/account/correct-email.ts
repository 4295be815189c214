import "server-only";
import { eq } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema";
import { reserve } from "@/lib/limits/limits";
import { askToConfirm, giveBackConfirmMail, reserveConfirmMail } from "@/lib/account/ask-to-confirm";
import { claimAddress } from "@/lib/account/claim-address";
import { normaliseEmail } from "@/lib/account/email-address";
import { lockAccount } from "@/lib/account/lock-account";
import type { Client } from "@/lib/account/sessions";
import { allButRestoring, voidTokens } from "@/lib/account/tokens";

/**
 * Puts an address right that nobody has confirmed yet: at once, for it opens nothing that was open to the old one's owner.
 * The old address gets no mail, being perhaps a stranger's, and every link that went there is void.
 * @returns `confirmed`: the address was confirmed meanwhile, and is changed in another way
 */
export async function correctEmail(
  { accountId, email: typed }: { accountId: string; email: string },
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "corrected" | "taken" | "confirmed" } | { status: "limited"; until: Date }> {
  const email = normaliseEmail(typed);
  const own = await reserve("correctEmailPerAccount", accountId);
  if (!own.allowed) return { status: "limited", until: own.until };
  const asked = await reserveConfirmMail(email);
  if (!asked.allowed) return { status: "limited", until: asked.until };
  const answer = await transaction(async (tx): Promise<{ status: "corrected" | "taken" | "confirmed" }> => {
    const owner = await lockAccount(tx, accountId);
    if (!owner || owner.emailVerifiedAt) return { status: "confirmed" };
    if (!(await claimAddress(tx, { email, accountId, leaves: owner.email }, { now }))) return { status: "taken" };
    await tx.update(account).set({ email }).where(eq(account.id, accountId));
    await voidTokens(tx, accountId, allButRestoring, { now });
    await askToConfirm(tx, { accountId, email }, { now });
    await recordEvent(tx, { action: "account.email-corrected", accountId, at: now, person: client });
    return { status: "corrected" };
  });
  if (answer.status !== "corrected") await giveBackConfirmMail(email);
  return answer;
}
