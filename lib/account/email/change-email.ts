import "server-only";
import { and, eq } from "drizzle-orm";
import { db, transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { underConfirmMailLimit } from "@/lib/account/email/ask-to-confirm";
import { claimAddress } from "@/lib/account/email/claim-address";
import { replaceUnconfirmedEmail } from "@/lib/account/email/correct-email";
import { underQuestionLimits } from "@/lib/account/email/under-question-limits";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { lockAccount } from "@/lib/account/lock-account";
import type { Client } from "@/lib/account/session/sessions";
import { issueToken, voidTokens } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };

/**
 * `asked`: an email was queued, and nothing changes until the new address confirms. `corrected`: changed at once,
 * because the old address was never confirmed. `same`: the account has this address already. `taken`: another account
 * has it, or can still restore it.
 */
export type EmailChange = { status: "asked" | "corrected" | "same" | "taken" } | { status: "limited"; until: Date };

/**
 * Asks to change the account's address. The answer discloses that an address is taken, as creating an account does,
 * under rate limits per account and network. Without it, the person would wait for an email that never comes.
 * @throws Error when the account does not exist
 */
export async function askToChangeEmail(
  { accountId, email: typed }: { accountId: string; email: string },
  context: Context,
): Promise<EmailChange> {
  const wish = { accountId, email: normaliseEmail(typed) };
  if (await isOwn(wish)) return { status: "same" };
  return underQuestionLimits(accountId, context, () => change(wish, context));
}

async function change(wish: Wish, context: Context): Promise<EmailChange> {
  const found = await transaction((tx) => judge(tx, wish, context));
  if (found === "unconfirmed") return correct(wish, context);
  if (found === "taken") return { status: found };
  // Count the email only once it is certain to be sent. Otherwise earlier emails would hide that an address is taken.
  const answer = await underConfirmMailLimit(wish.email, "asked", async () => ({
    status: await transaction((tx) => ask(tx, wish, context)),
  }));
  return answer.status === "unconfirmed" ? correct(wish, context) : (answer as EmailChange);
}

/** Cancels a pending change of address. The emailed link and code become void. */
export const cancelEmailChange = ({ accountId }: { accountId: string }, { now, client }: Context): Promise<void> =>
  transaction(async (tx) => {
    await lockAccount(tx, accountId);
    if ((await voidTokens(tx, accountId, ["change-email"], { now })) === 0) return;
    await recordEvent(tx, { action: "account.email-change-cancelled", accountId, at: now, person: client });
  });

type Wish = { accountId: string; email: string };

async function isOwn({ accountId, email }: Wish): Promise<boolean> {
  const own = and(eq(account.id, accountId), eq(account.email, email));
  return (await db().select({ id: account.id }).from(account).where(own)).length > 0;
}

/**
 * Decides whether the account may have the address. Locks the account's row and the address until the transaction ends.
 */
async function judge(tx: Transaction, { accountId, email }: Wish, { now, client }: Context) {
  const owner = await lockAccount(tx, accountId);
  if (!owner) throw new Error("the account of a live session does not exist");
  if (await claimAddress(tx, { email, accountId, leaves: owner.email }, { now }))
    return owner.emailVerifiedAt ? "free" : "unconfirmed";
  const what = { action: "account.email-change-refused", details: { reason: "taken" } } as const;
  await recordEvent(tx, { ...what, accountId, at: now, person: client });
  return "taken";
}

async function ask(tx: Transaction, wish: Wish, context: Context): Promise<"asked" | "taken" | "unconfirmed"> {
  const found = await judge(tx, wish, context);
  if (found !== "free") return found;
  const { accountId, email } = wish;
  const { now, client } = context;
  const { id: tokenId } = await issueToken(tx, { purpose: "change-email", accountId, email }, { now });
  await postMail(tx, { kind: "confirm-address", accountId, recipient: email, tokenId, at: now });
  await recordEvent(tx, { action: "account.email-change-asked", accountId, at: now, person: client });
  return "asked";
}

async function correct(wish: Wish, context: Context): Promise<EmailChange> {
  const corrected = await replaceUnconfirmedEmail(wish, context);
  if (corrected.status === "limited") return corrected;
  const { status } = corrected;
  // `confirmed`: the emailed link was used in another window just now.
  return status === "confirmed" ? change(wish, context) : { status };
}
