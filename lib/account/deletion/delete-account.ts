import "server-only";
import { eq, lte } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { reserve } from "@/lib/limits/limits";
import { log } from "@/lib/log";
import { lockAccount } from "@/lib/account/lock-account";
import { erasePersonalData } from "@/lib/account/deletion/personal-data";
import { revokeSessions, type Client } from "@/lib/account/session/sessions";
import { allButRestoring, findToken, issueToken, spendToken, voidTokens } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };

/** Days between confirming a deletion and erasing the account. Signing in within them cancels the deletion. */
const DAYS_TO_COME_BACK = 14;
const DAY_MS = 86_400_000;

/** When an account whose deletion is confirmed now will be erased. */
export const erasedOn = (now: Date): Date => new Date(now.getTime() + DAYS_TO_COME_BACK * DAY_MS);

/** Sends the email whose link confirms the deletion, so that nobody loses an account because a browser was left open. */
export async function askToDelete(
  { accountId }: { accountId: string },
  { now, client }: Context,
): Promise<{ status: "asked" } | { status: "limited"; until: Date }> {
  const reservation = await reserve("deletionMailPerAccount", accountId);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  await transaction(async (tx) => {
    const owner = await lockAccount(tx, accountId);
    if (!owner) return;
    const letter = { accountId, email: owner.email };
    const { id: tokenId } = await issueToken(tx, { purpose: "delete-account", ...letter }, { now });
    await postMail(tx, { kind: "confirm-deletion", accountId, recipient: owner.email, tokenId, at: now });
    await recordEvent(tx, { action: "account.deletion-asked", accountId, at: now, person: client });
  });
  return { status: "asked" };
}

/** `open`: the link can confirm the deletion; `leaving`: it already has; `over`: void or expired; `unknown`: no such link. */
type Deletion = { status: "open" } | { status: "leaving"; at: Date } | { status: "over" } | { status: "unknown" };

/** Says what an emailed link would do or has done, without using it. */
export async function findDeletionLink(token: string, { now }: { now: Date }): Promise<Deletion> {
  const found = await findToken(token, ["delete-account"], { now });
  if (!found) return { status: "unknown" };
  if (found.live) return { status: "open" };
  const { leavesAt } = found.owner;
  return found.usedAt && leavesAt ? { status: "leaving", at: leavesAt } : { status: "over" };
}

/**
 * Confirms the deletion of an account and ends all its sessions at once. The account is erased after 14 days unless its
 * owner signs in before. Using the link again returns the first result.
 */
export async function scheduleDeletion(
  { token }: { token: string },
  { now, client }: Context,
): Promise<{ status: "leaving"; accountId: string } | { status: "linkOver" }> {
  const named = await findToken(token, ["delete-account"], { now });
  if (!named) return { status: "linkOver" };
  const leaving = { status: "leaving", accountId: named.accountId } as const;
  return transaction(async (tx) => {
    const owner = await lockAccount(tx, named.accountId);
    if (!owner) return { status: "linkOver" };
    const spent = await spendToken(tx, token, ["delete-account"], { now });
    if (!spent) return owner.leavesAt ? leaving : { status: "linkOver" };
    const leavesAt = erasedOn(now);
    await tx.update(account).set({ leavesAt }).where(eq(account.id, owner.id));
    await revokeSessions(tx, { accountId: owner.id });
    // An owner whose account was taken over can still get it back by the link to the former address.
    await voidTokens(tx, owner.id, allButRestoring, { now });
    const details = { until: leavesAt.toISOString() };
    await postMail(tx, { kind: "account-leaving", accountId: owner.id, recipient: owner.email, details, at: now });
    await recordEvent(tx, { action: "account.leaving", accountId: owner.id, at: now, person: client });
    return leaving;
  });
}

/**
 * Erases the accounts whose 14 days are over. Runs hourly. A failure is logged and does not stop the others.
 * @returns how many were erased
 */
export async function eraseDueAccounts({ now }: { now: Date }): Promise<number> {
  const found = await db().select({ id: account.id }).from(account).where(lte(account.leavesAt, now));
  let erased = 0;
  for (const { id } of found) {
    const done = await erase(id, now).catch((error: unknown) => {
      log().error({ err: error, accountId: id }, "an account could not be erased");
      return false;
    });
    if (done) erased++;
  }
  return erased;
}

const erase = (accountId: string, now: Date): Promise<boolean> =>
  transaction(async (tx) => {
    const owner = await lockAccount(tx, accountId);
    // Signing in meanwhile has cancelled the deletion.
    if (!owner?.leavesAt || owner.leavesAt > now) return false;
    await erasePersonalData(tx, accountId, now);
    await recordEvent(tx, { action: "account.erased", actor: "system", accountId, at: now });
    return true;
  });
