import "server-only";
import { and, eq, lt, sql } from "drizzle-orm";
import { db, transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account, passkey } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { forgive } from "@/lib/limits/attempt";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { lockAccount } from "@/lib/account/lock-account";
import { hashPassword } from "@/lib/account/password/password";
import { passwordFault, type PasswordFault } from "@/lib/account/password/password-quality";
import { reserveNewPassword } from "@/lib/account/password/reserve-new-password";
import { revokeSessions, type Client } from "@/lib/account/session/sessions";
import { allButRestoring, findToken, spendToken, voidTokens, type TokenView } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };

const purposes = ["reset-password"] as const;

/**
 * Why a link sets no password. `spent`: used or replaced by a newer one; `late`: older than 30 minutes; `unknown`: no
 * such link.
 */
export type DeadReset = { status: "spent" | "late" | "unknown" };

/** Finds the account whose password a link would set, without using the link. */
export async function findResetLink(
  token: string,
  { now }: { now: Date },
): Promise<{ status: "open"; accountId: string; email: string } | DeadReset> {
  const found = await findToken(token, purposes, { now });
  if (!found) return { status: "unknown" };
  if (!found.live) return { status: found.usedAt ? "spent" : "late" };
  return { status: "open", accountId: found.accountId, email: found.email };
}

/**
 * Sets a new password by an emailed link. It ends all sessions and voids other pending links and changes of address. A
 * refused password leaves the link usable. It does not sign in.
 */
export async function resetPassword(
  { token, password }: { token: string; password: string },
  context: Context,
): Promise<
  | { status: "reset" }
  | { status: "passwordRefused"; fault: PasswordFault }
  | { status: "limited"; until: Date }
  | DeadReset
> {
  const seen = await findResetLink(token, context);
  if (seen.status !== "open") return seen;
  // Otherwise one link could have any number of passwords estimated.
  const reservation = await reserveNewPassword(seen.accountId, context);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  const [person] = await db()
    .select({ name: account.name, email: account.email })
    .from(account)
    .where(eq(account.id, seen.accountId));
  if (!person) return { status: "unknown" };
  const fault = passwordFault(password, person);
  if (fault) return { status: "passwordRefused", fault };

  const passwordHash = await hashPassword(password);
  const done = await transaction(async (tx) => {
    const owner = await lockAccount(tx, seen.accountId);
    const spent = owner?.passwordHash ? await spendToken(tx, token, purposes, context) : null;
    // The salted hash is unique: this transaction was committed before, and its acknowledgement was lost.
    if (!owner || !spent) return owner?.passwordHash === passwordHash;
    await replaceAll(tx, spent, { ...owner, passwordHash }, context);
    return true;
  });
  if (!done) return { status: "spent" };
  // A lock caused by guessing the old password must not apply to the new one.
  await forgive("passwordPerAddress", normaliseEmail(person.email));
  return { status: "reset" };
}

type Owner = { id: string; email: string; emailVerifiedAt: Date | null; passwordHash: string };

async function replaceAll(tx: Transaction, spent: TokenView, owner: Owner, { now, client }: Context): Promise<void> {
  const { id: accountId, passwordHash, emailVerifiedAt: confirmedBefore } = owner;
  const isProof = sql`${account.email} = ${spent.email}`;
  const emailVerifiedAt = sql`CASE WHEN ${isProof} THEN coalesce(${account.emailVerifiedAt}, ${now.toISOString()}) ELSE ${account.emailVerifiedAt} END`;
  const [set] = await tx
    .update(account)
    .set({ passwordHash, emailVerifiedAt: emailVerifiedAt as never })
    .where(eq(account.id, accountId))
    .returning({ emailVerifiedAt: account.emailVerifiedAt });
  await revokeSessions(tx, { accountId });
  await voidTokens(tx, accountId, allButRestoring, { now });
  /*
   * An attacker can create an account with somebody else's address, add a passkey, and wait for the owner to take the
   * account over. Therefore a reset deletes the passkeys added before the address was confirmed. If this link is the
   * first to confirm the address, it deletes all of them. Later passkeys stay: adding one needs a session and emails
   * the owner, and people without a password sign in by them.
   */
  const removed = await tx
    .delete(passkey)
    .where(and(eq(passkey.accountId, accountId), confirmedBefore ? lt(passkey.createdAt, confirmedBefore) : undefined))
    .returning({ id: passkey.id });
  for (const { id } of removed)
    await recordEvent(tx, { action: "passkey.removed", accountId, subject: id, at: now, details: { cause: "reset" } });
  const written = { accountId, at: now, person: client };
  await recordEvent(tx, { action: "password.reset", ...written });
  if (!confirmedBefore && set?.emailVerifiedAt)
    await recordEvent(tx, { action: "account.email-confirmed", ...written });
  const letter = { accountId, recipient: owner.email, at: now, details: { passkeysRemoved: removed.length } };
  await postMail(tx, { kind: "password-changed", ...letter });
}
