import "server-only";
import { eq } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { askToConfirm, underConfirmMailLimit } from "@/lib/account/email/ask-to-confirm";
import { claimAddress } from "@/lib/account/email/claim-address";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { lockAccount } from "@/lib/account/lock-account";
import type { Client } from "@/lib/account/session/sessions";
import { underQuestionLimits } from "@/lib/account/email/under-question-limits";
import { allButRestoring, voidTokens } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };
type Corrected = { status: "corrected" | "taken" | "confirmed" };

/**
 * Corrects an unconfirmed address at once: the owner of the old one never had access. The old address may be a
 * stranger's, so it gets no email, and every link sent to it becomes void.
 * @returns `confirmed`: the address was confirmed meanwhile and must be changed by {@link askToChangeEmail}
 */
export async function correctEmail(
  { accountId, email }: { accountId: string; email: string },
  context: Context,
): Promise<Corrected | { status: "limited"; until: Date }> {
  const wish = { accountId, email: normaliseEmail(email) };
  return underQuestionLimits<Corrected | { status: "limited"; until: Date }>(accountId, context, () =>
    replaceUnconfirmedEmail(wish, context),
  );
}

/** {@link correctEmail} for callers that have counted the attempt already. @param wish.email normalised */
export const replaceUnconfirmedEmail = (
  { accountId, email }: { accountId: string; email: string },
  { now, client }: Context,
): Promise<Corrected | { status: "limited"; until: Date }> =>
  underConfirmMailLimit<Corrected>(email, "corrected", () =>
    transaction(async (tx) => {
      const written = { accountId, at: now, person: client };
      const owner = await lockAccount(tx, accountId);
      if (!owner || owner.emailVerifiedAt) return { status: "confirmed" };
      if (!(await claimAddress(tx, { email, accountId, leaves: owner.email }, { now }))) {
        const details = { reason: "taken" };
        await recordEvent(tx, { action: "account.email-change-refused", details, ...written });
        return { status: "taken" };
      }
      await tx.update(account).set({ email }).where(eq(account.id, accountId));
      await voidTokens(tx, accountId, allButRestoring, { now });
      await askToConfirm(tx, { accountId, email }, { now });
      await recordEvent(tx, { action: "account.email-corrected", ...written });
      return { status: "corrected" };
    }),
  );
