import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db, transaction, type Database, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { confirmations } from "@/lib/account/email/ask-to-confirm";
import { claimAddress } from "@/lib/account/email/claim-address";
import { lockAccount } from "@/lib/account/lock-account";
import type { Client } from "@/lib/account/session/sessions";
import {
  allButRestoring,
  findToken,
  issueToken,
  matchCode,
  spendToken,
  voidTokens,
  type TokenView,
} from "@/lib/account/tokens";

type Context = { now: Date; client: Client };

/** `confirmed` also when it already was; `taken`: another account has taken the address meanwhile. */
export type Confirmed = { status: "confirmed"; accountId: string; email: string } | { status: "over" | "taken" };

/**
 * Says which address an emailed link would confirm, without confirming it: email scanners open links too. `over`:
 * replaced by a newer one, or older than a day. `unknown`: no such link.
 */
export async function findConfirmationLink(
  token: string,
  { now }: { now: Date },
): Promise<
  { status: "open" | "confirmed"; accountId: string; email: string } | { status: "over" } | { status: "unknown" }
> {
  const found = await findToken(token, confirmations, { now });
  if (!found) return { status: "unknown" };
  const { accountId, email } = found;
  if (found.live) return { status: "open", accountId, email };
  const { hasAddress, emailVerifiedAt } = found.owner;
  return hasAddress && emailVerifiedAt ? { status: "confirmed", accountId, email } : { status: "over" };
}

/** Confirms an address by an emailed link, whoever is signed in: the link decides which account it confirms. */
export async function confirmEmail(token: string, context: Context): Promise<Confirmed> {
  const found = await findToken(token, confirmations, context);
  if (!found) return { status: "over" };
  const { accountId, email } = found;
  const asBefore = async (tx?: Transaction): Promise<Confirmed> =>
    (await isConfirmed(found, tx)) ? { status: "confirmed", accountId, email } : { status: "over" };
  if (!found.live) return asBefore();
  return transaction(async (tx) => {
    const owner = await lockAccount(tx, accountId);
    if (!owner) return { status: "over" };
    const isChange = found.purpose === "change-email";
    // Check before spending the token, so that the link still works if the address becomes free again.
    if (isChange && !(await claimAddress(tx, { email, accountId, leaves: owner.email }, context)))
      return { status: "taken" };
    if (!(await spendToken(tx, token, confirmations, context))) return asBefore(tx);
    await (isChange ? changeAddress(tx, found, owner, context) : confirmOwn(tx, found, context));
    return { status: "confirmed", accountId, email };
  });
}

/** Confirms the signed-in person's address by the six-digit code of the newest email. `triesLeft`: 1 to 4. */
export async function confirmEmailByCode(
  { accountId, code }: { accountId: string; code: string },
  context: Context,
): Promise<Confirmed | { status: "wrong"; triesLeft: number }> {
  const matched = await matchCode({ accountId, purposes: confirmations, code }, context);
  if (matched.status === "matched") return confirmEmail(matched.token, context);
  if (matched.status === "wrong") {
    const { triesLeft } = matched;
    const details = { triesLeft };
    await recordEvent(db(), {
      action: "account.code-refused",
      accountId,
      at: context.now,
      details,
      person: context.client,
    });
    if (triesLeft > 0) return { status: "wrong", triesLeft };
  }
  return { status: "over" };
}

/** Whether the token's address is now the account's and confirmed. */
async function isConfirmed({ accountId, email }: TokenView, tx: Transaction | Database = db()): Promise<boolean> {
  const [found] = await tx
    .select({ emailVerifiedAt: account.emailVerifiedAt })
    .from(account)
    .where(and(eq(account.id, accountId), eq(account.email, email)));
  return Boolean(found?.emailVerifiedAt);
}

async function confirmOwn(tx: Transaction, { accountId, email }: TokenView, { now, client }: Context): Promise<void> {
  const { rowCount } = await tx
    .update(account)
    .set({ emailVerifiedAt: now })
    .where(and(eq(account.id, accountId), eq(account.email, email), isNull(account.emailVerifiedAt)));
  if (rowCount) await recordEvent(tx, { action: "account.email-confirmed", accountId, at: now, person: client });
}

/** Makes the new address the account's. The old address gets a link that restores it for seven days. */
async function changeAddress(
  tx: Transaction,
  { accountId, email }: TokenView,
  before: { email: string; emailVerifiedAt: Date | null },
  { now, client }: Context,
): Promise<void> {
  await tx.update(account).set({ email, emailVerifiedAt: now }).where(eq(account.id, accountId));
  await voidTokens(tx, accountId, allButRestoring, { now });
  await recordEvent(tx, { action: "account.email-changed", accountId, at: now, person: client });
  await postMail(tx, { kind: "address-changed", accountId, recipient: email, at: now });
  // An unconfirmed address may belong to a stranger, so it gets no link that restores it.
  if (!before.emailVerifiedAt) return;
  const recipient = before.email;
  const restoring = { purpose: "restore-email", accountId, email: recipient } as const;
  const { id: tokenId } = await issueToken(tx, restoring, { now });
  await postMail(tx, { kind: "address-restorable", accountId, recipient, tokenId, at: now });
}
