import "server-only";
import { eq } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { lockAccount } from "@/lib/account/lock-account";
import { hashPassword } from "@/lib/account/password/password";
import { passwordFault, type PasswordFault } from "@/lib/account/password/password-quality";
import { reserveNewPassword } from "@/lib/account/password/reserve-new-password";
import { newReference, renewSession, revokeSessions, type Client } from "@/lib/account/session/sessions";
import { voidTokens } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };
type Refusal = { status: "passwordRefused"; fault: PasswordFault } | { status: "limited"; until: Date };

/**
 * Pending requests that somebody with the old password may have made. The link that confirms the account's own address
 * stays.
 */
const openedBefore = ["change-email", "reset-password", "delete-account"] as const;

/**
 * Changes the password of a person who has just stepped up. This session gets a new reference, every other session
 * ends, and requests made with the old password become void.
 * @param change.person name and address, which the password must not consist of
 * @returns the session's new reference; `ended`: the session has ended meanwhile
 */
export async function changePassword(
  change: {
    accountId: string;
    sessionId: string;
    reference: string;
    password: string;
    person: { name: string; email: string };
  },
  { now, client }: Context,
): Promise<{ status: "changed"; reference: string } | { status: "ended" } | Refusal> {
  const reservation = await reserveNewPassword(change.accountId, { now, client });
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  const fault = passwordFault(change.password, change.person);
  if (fault) return { status: "passwordRefused", fault };

  const passwordHash = await hashPassword(change.password);
  const { accountId } = change;
  const renewed = newReference();
  const done = await transaction(async (tx) => {
    const owner = await lockAccount(tx, accountId);
    if (!owner || !(await renewSession(tx, change.reference, renewed))) return false;
    // The salted hash is unique: this transaction was committed before, and its acknowledgement was lost.
    if (owner.passwordHash === passwordHash) return true;
    await tx.update(account).set({ passwordHash }).where(eq(account.id, accountId));
    await revokeSessions(tx, { accountId, except: change.sessionId });
    await voidTokens(tx, accountId, openedBefore, { now });
    await recordEvent(tx, { action: "password.changed", accountId, at: now, person: client });
    await postMail(tx, { kind: "password-changed", accountId, recipient: owner.email, at: now });
    return true;
  });
  return done ? { status: "changed", reference: renewed } : { status: "ended" };
}
