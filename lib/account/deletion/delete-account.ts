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

/** Days in which whoever signs in keeps the account. */
const DAYS_TO_COME_BACK = 14;
const DAY_MS = 86_400_000;

/** When an account that is given up now is erased. */
export const erasedOn = (now: Date): Date => new Date(now.getTime() + DAYS_TO_COME_BACK * DAY_MS);

/** Sends the mail whose link gives the account up: nobody loses an account because a browser was left open. */
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

/** `open`: the link can give the account up; `leaving`: it has; `over`: used otherwise, too old, or no such link. */
type Deletion = { status: "open" } | { status: "leaving"; at: Date } | { status: "over" };

/** What a mail's link would do or has done; it uses nothing. */
export async function seeDeletion(token: string, { now }: { now: Date }): Promise<Deletion> {
  const found = await findToken(token, ["delete-account"], { now });
  if (!found) return { status: "over" };
  if (found.live) return { status: "open" };
  const [owner] = await db()
    .select({ leavesAt: account.leavesAt })
    .from(account)
    .where(eq(account.id, found.accountId));
  return found.usedAt && owner?.leavesAt ? { status: "leaving", at: owner.leavesAt } : { status: "over" };
}

/**
 * Gives an account up: signs out everywhere at once, and has it erased after 14 days unless its owner signs in before.
 * Asked again by the same link it gives the first answer again.
 */
export async function giveUpAccount(
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
    // An address taken by somebody else can still be taken back, and with it the account.
    await voidTokens(tx, owner.id, allButRestoring, { now });
    const details = { until: leavesAt.toISOString() };
    await postMail(tx, { kind: "account-leaving", accountId: owner.id, recipient: owner.email, details, at: now });
    await recordEvent(tx, { action: "account.leaving", accountId: owner.id, at: now, person: client });
    return leaving;
  });
}

/**
 * Erases the accounts whose time to come back is over; run now and then. One that cannot be erased, which is logged, does not
 * keep the others.
 * @returns how many
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
    // Who has signed in meanwhile stays.
    if (!owner?.leavesAt || owner.leavesAt > now) return false;
    await erasePersonalData(tx, accountId, now);
    await recordEvent(tx, { action: "account.erased", actor: "system", accountId, at: now });
    return true;
  });
