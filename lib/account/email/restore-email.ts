import "server-only";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account, oneTimeToken, passkey } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { claimAddress } from "@/lib/account/email/claim-address";
import { lockAccount } from "@/lib/account/lock-account";
import { hashPassword } from "@/lib/account/password/password";
import { newReference, revokeSessions, type Client } from "@/lib/account/session/sessions";
import { allButRestoring, findToken, issueToken, spendToken, voidTokens, type TokenView } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };

const purposes = ["restore-email"] as const;

/** `restored`: this link gave the account this address. `over`: void, or expired after seven days. `unknown`: no such link. */
type Restoration = { status: "open" | "restored"; email: string } | { status: "over" } | { status: "unknown" };

/** Says which address an emailed link would restore, without using it: email scanners open links too. */
export async function findRestorationLink(token: string, { now }: { now: Date }): Promise<Restoration> {
  const found = await findToken(token, purposes, { now });
  if (!found) return { status: "unknown" };
  if (found.live) return { status: "open", email: found.email };
  return found.usedAt && found.owner.hasAddress ? { status: "restored", email: found.email } : { status: "over" };
}

/**
 * Restores an account's former address and shuts everybody else out. Every session, passkey and other link is revoked.
 * The password, which an intruder may know, stops working, and an email leads to a new one.
 * After two takeovers the link to the first address still works, whatever was done through the second. Using the link
 * again returns the first result.
 * @throws Error when another account has the address, which claim-address.ts prevents
 */
export async function restoreEmail(
  { token }: { token: string },
  context: Context,
): Promise<{ status: "restored"; email: string } | { status: "over" }> {
  const seen = await findToken(token, purposes, context);
  if (!seen) return { status: "over" };
  // The hash of a random secret that nobody has seen: no password matches it.
  const passwordHash = await hashPassword(newReference());
  const restored = await transaction(async (tx) => {
    const owner = await lockAccount(tx, seen.accountId);
    if (!owner?.passwordHash) return false;
    const spent = await spendToken(tx, token, purposes, context);
    if (!spent) return false;
    const { accountId, email } = spent;
    if (!(await claimAddress(tx, { email, accountId, leaves: owner.email }, context)))
      throw new Error("an address that can be restored was taken by another account");
    await restore(tx, spent, passwordHash, context);
    if (owner.leavesAt) await recordEvent(tx, { action: "account.kept", accountId, at: context.now });
    return true;
  });
  if (restored) return { status: "restored", email: seen.email };
  const { status } = await findRestorationLink(token, context);
  return status === "restored" ? { status, email: seen.email } : { status: "over" };
}

async function restore(
  tx: Transaction,
  { id, accountId, email }: TokenView,
  passwordHash: string,
  { now, client }: Context,
): Promise<void> {
  const back = { email, emailVerifiedAt: now, passwordHash, leavesAt: null };
  await tx.update(account).set(back).where(eq(account.id, accountId));
  await revokeSessions(tx, { accountId });
  await voidTokens(tx, accountId, allButRestoring, { now });
  await voidLaterRestorations(tx, accountId, id, now);
  const removed = await tx.delete(passkey).where(eq(passkey.accountId, accountId)).returning({ id: passkey.id });
  for (const { id: subject } of removed)
    await recordEvent(tx, { action: "passkey.removed", accountId, subject, at: now, details: { cause: "restore" } });
  await recordEvent(tx, { action: "account.email-restored", accountId, at: now, person: client });
  const { id: tokenId } = await issueToken(tx, { purpose: "reset-password", accountId, email }, { now });
  const letter = { accountId, recipient: email, tokenId, at: now, details: { passkeysRemoved: removed.length } };
  await postMail(tx, { kind: "address-restored", ...letter });
}

/**
 * Voids the links to addresses the account had after this one. Links to earlier addresses stay, so an intruder cannot
 * use their own link to shut out the owner.
 */
const voidLaterRestorations = (tx: Transaction, accountId: string, tokenId: string, now: Date) =>
  tx
    .update(oneTimeToken)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeToken.accountId, accountId),
        eq(oneTimeToken.purpose, "restore-email"),
        isNull(oneTimeToken.usedAt),
        gt(oneTimeToken.createdAt, sql`(SELECT created_at FROM one_time_token AS this WHERE this.id = ${tokenId})`),
      ),
    );
