import "server-only";
import { eq } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema";
import { giveBack, reserve } from "@/lib/limits/limits";
import { countedEmail, normaliseEmail } from "@/lib/account/email-address";
import { verifyPassword } from "@/lib/account/password";
import { openSession, renewSession, type Client } from "@/lib/account/sessions";

export type PasswordRefusal = { status: "wrong" } | { status: "locked"; until: Date };

/**
 * Checks an address and a password and opens a session. Known and unknown addresses take the same work and get the
 * same answers, locks included.
 * @returns the new session's reference and the account's language, or why not
 */
export async function signIn(
  { email, password }: { email: string; password: string },
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "signedIn"; reference: string; locale: string } | PasswordRefusal> {
  const network = client.addressPrefix ?? "unknown";
  const fromNetwork = await reserve("signInPerNetwork", network);
  if (!fromNetwork.allowed) return { status: "locked", until: fromNetwork.until };

  const [found] = await db()
    .select({ id: account.id, passwordHash: account.passwordHash, locale: account.locale })
    .from(account)
    .where(eq(account.email, normaliseEmail(email)));
  const checked = await checkPassword({ email, stored: found?.passwordHash, password });
  if (checked.status !== "right" || !found) {
    const action = checked.status === "locked" ? "session.locked" : "session.refused";
    await recordEvent(db(), { action, accountId: found?.id ?? null, at: now, person: client });
    return checked.status === "locked" ? checked : { status: "wrong" };
  }

  await giveBack("signInPerNetwork", network);
  const reference = await transaction(async (tx) => {
    await recordEvent(tx, { action: "session.started", accountId: found.id, at: now, person: client });
    return openSession(tx, found.id, client);
  });
  return { status: "signedIn", reference, locale: found.locale };
}

/**
 * Step-up: confirms the signed-in person's password and renews the session's reference.
 * @returns the new reference; `ended` when the session is over meanwhile
 */
export async function confirmPassword(
  { accountId, reference, password }: { accountId: string; reference: string; password: string },
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "confirmed"; reference: string } | { status: "ended" } | PasswordRefusal> {
  const [found] = await db()
    .select({ email: account.email, passwordHash: account.passwordHash })
    .from(account)
    .where(eq(account.id, accountId));
  const checked = await checkPassword({ email: found?.email ?? "", stored: found?.passwordHash, password });
  if (checked.status !== "right") {
    const action = checked.status === "locked" ? "session.locked" : "session.refused";
    await recordEvent(db(), { action, accountId, at: now, person: client });
    return checked;
  }
  const renewed = await transaction(async (tx) => {
    await recordEvent(tx, { action: "session.confirmed", accountId, at: now, person: client });
    return renewSession(tx, reference);
  });
  return renewed ? { status: "confirmed", reference: renewed } : { status: "ended" };
}

/** Reserves an attempt for the address before the hash is computed; gives it back when the password fits. */
async function checkPassword(attempt: {
  email: string;
  stored: string | undefined;
  password: string;
}): Promise<{ status: "right" } | PasswordRefusal> {
  const counted = countedEmail(attempt.email);
  const reservation = await reserve("passwordPerAccount", counted);
  if (!reservation.allowed) return { status: "locked", until: reservation.until };
  if (!(await verifyPassword(attempt.stored, attempt.password))) return { status: "wrong" };
  await giveBack("passwordPerAccount", counted);
  return { status: "right" };
}
