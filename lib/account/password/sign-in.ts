import "server-only";
import { eq } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { giveBack, reserve } from "@/lib/limits/limits";
import { countedEmail, normaliseEmail } from "@/lib/account/canonical-email";
import { verifyPassword } from "@/lib/account/password/password";
import { newReference, renewSession, type Client } from "@/lib/account/session/sessions";
import { startSession } from "@/lib/account/session/start-session";

export type PasswordRefusal = { status: "wrong" } | { status: "locked"; until: Date };

type Context = { now: Date; client: Client };

/**
 * Checks an address and a password and opens a session. Known and unknown addresses take the same work and get the same
 * answers, locks included. `limited`: too many attempts from this network, for all accounts together.
 * @returns the new session's reference, the account's language, and whether a pending deletion was cancelled; or the
 * refusal
 */
export async function signIn(
  { email, password }: { email: string; password: string },
  context: Context,
): Promise<
  | { status: "signedIn"; reference: string; locale: string; kept: boolean }
  | { status: "limited"; until: Date }
  | PasswordRefusal
> {
  const network = context.client.addressPrefix ?? "unknown";
  const fromNetwork = await reserve("signInPerNetwork", network);
  if (!fromNetwork.allowed) return { status: "limited", until: fromNetwork.until };

  const [found] = await db()
    .select({ id: account.id, passwordHash: account.passwordHash, locale: account.locale })
    .from(account)
    .where(eq(account.email, normaliseEmail(email)));
  const attempt = { email, stored: found?.passwordHash, password, accountId: found?.id ?? null };
  const checked = await checkPassword(attempt, context);
  if (checked.status !== "right") {
    if (fromNetwork.last) await recordLock("signInPerNetwork", null, context);
    return checked;
  }
  if (!found?.passwordHash) throw new Error("no password fits where there is no account");
  const { passwordHash } = found;

  await giveBack("signInPerNetwork", network);
  const reference = newReference();
  const entry = { reference, accountId: found.id, client: context.client, passwordHash };
  const started = await transaction((tx) => startSession(tx, entry, context));
  if (!started) return { status: "wrong" };
  return { status: "signedIn", reference, locale: found.locale, ...started };
}

/**
 * Step-up: confirms the signed-in person's password and renews the session's reference.
 * @returns the new reference; `ended` when the session is over meanwhile
 */
export async function confirmPassword(
  { accountId, reference, password }: { accountId: string; reference: string; password: string },
  context: Context,
): Promise<{ status: "confirmed"; reference: string } | { status: "ended" } | PasswordRefusal> {
  const [found] = await db()
    .select({ email: account.email, passwordHash: account.passwordHash })
    .from(account)
    .where(eq(account.id, accountId));
  const attempt = { email: found?.email ?? "", stored: found?.passwordHash, password, accountId };
  const checked = await checkPassword(attempt, context);
  if (checked.status !== "right") return checked;

  const renewed = newReference();
  const done = await transaction(async (tx) => {
    const live = await renewSession(tx, reference, renewed);
    if (live) await recordEvent(tx, { action: "session.confirmed", accountId, ...written(context) });
    return live;
  });
  return done ? { status: "confirmed", reference: renewed } : { status: "ended" };
}

type Attempt = { email: string; stored: string | null | undefined; password: string; accountId: string | null };

/** Reserves an attempt for the address before the hash is computed. Gives it back when the password matches. */
async function checkPassword(attempt: Attempt, context: Context): Promise<{ status: "right" } | PasswordRefusal> {
  const counted = countedEmail(attempt.email);
  const reservation = await reserve("passwordPerAddress", counted);
  if (!reservation.allowed) return { status: "locked", until: reservation.until };
  if (await verifyPassword(attempt.stored, attempt.password)) {
    await giveBack("passwordPerAddress", counted);
    return { status: "right" };
  }
  await recordEvent(db(), { action: "session.refused", accountId: attempt.accountId, ...written(context) });
  if (reservation.last) await recordLock("passwordPerAddress", attempt.accountId, context);
  return { status: "wrong" };
}

/** Records one event when a lock begins. Attempts refused while it lasts record none. */
const recordLock = (limit: string, accountId: string | null, context: Context) =>
  recordEvent(db(), { action: "session.locked", accountId, details: { limit }, ...written(context) });

const written = ({ now, client }: Context) => ({ at: now, person: client });
