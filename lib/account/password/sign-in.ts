import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account, session } from "@/lib/db/schema/account";
import { attempt } from "@/lib/limits/attempt";
import type { FailureLimit } from "@/lib/limits/limits";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { verifyPassword } from "@/lib/account/password/password";
import { browserDigest, live, newReference, renewSession, type Client } from "@/lib/account/session/sessions";
import { startSession } from "@/lib/account/session/start-session";

export type PasswordRefusal = { status: "wrong" } | { status: "locked"; until: Date };

type Context = { now: Date; client: Client };

/**
 * Checks an address and a password and opens a session. Known and unknown addresses take the same work and get the same
 * answers, locks included. `limited`: too many wrong passwords from this network, for all accounts together.
 * @returns the account, the new session's reference, the account's language, and whether a pending deletion was cancelled; or the
 * refusal
 */
export async function signIn(
  { email, password }: { email: string; password: string },
  context: Context,
): Promise<
  | { status: "signedIn"; accountId: string; reference: string; locale: string; kept: boolean }
  | { status: "limited"; until: Date }
  | PasswordRefusal
> {
  const { client } = context;
  const attempted = await attempt("signInPerNetwork", client.addressPrefix ?? "unknown", {
    work: () => checkAddress(normaliseEmail(email), password, context),
    failed: ({ status }) => status !== "right",
  });
  if (!attempted.allowed) return { status: "limited", until: attempted.until };
  const { result: checked, last } = attempted;
  if (last) await recordLock("signInPerNetwork", null, context);
  if (checked.status !== "right") return checked;

  const { id: accountId, passwordHash, locale } = checked.owner;
  const reference = newReference();
  const started = await transaction((tx) => startSession(tx, { reference, accountId, client, passwordHash }, context));
  if (!started) return { status: "wrong" };
  return { status: "signedIn", accountId, reference, locale, ...started };
}

type Owner = { id: string; passwordHash: string; locale: string };

async function checkAddress(
  email: string,
  password: string,
  context: Context,
): Promise<{ status: "right"; owner: Owner } | PasswordRefusal> {
  const browser = browserDigest(context.client.browser ?? "");
  const [found] = await db()
    .select({
      ...{ id: account.id, passwordHash: account.passwordHash, locale: account.locale },
      knowsBrowser: sql<boolean>`EXISTS (SELECT 1 FROM session WHERE account_id = account.id AND browser_hash = ${browser})`,
    })
    .from(account)
    .where(eq(account.email, email));
  const where: Where = found?.knowsBrowser
    ? ["passwordPerBrowser", `${found.id}:${browser.toString("hex")}`]
    : ["passwordPerAddress", email];
  const tried = { stored: found?.passwordHash, password, accountId: found?.id ?? null };
  const checked = await checkPassword(tried, where, context);
  if (checked.status !== "right") return checked;
  const { passwordHash } = found ?? {};
  if (!found || !passwordHash) throw new Error("no password fits where there is no account");
  return { status: "right", owner: { ...found, passwordHash } };
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
    .select({ sessionId: session.id, passwordHash: account.passwordHash })
    .from(session)
    .innerJoin(account, eq(account.id, session.accountId))
    .where(and(eq(account.id, accountId), live(reference)));
  if (!found) return { status: "ended" };
  const tried = { stored: found.passwordHash, password, accountId };
  const checked = await checkPassword(tried, ["passwordPerSession", found.sessionId], context);
  if (checked.status !== "right") return checked;

  const renewed = newReference();
  const done = await transaction(async (tx) => {
    const isLive = await renewSession(tx, reference, renewed);
    if (isLive) await recordEvent(tx, { action: "session.confirmed", accountId, ...written(context) });
    return isLive;
  });
  return done ? { status: "confirmed", reference: renewed } : { status: "ended" };
}

type Tried = { stored: string | null | undefined; password: string; accountId: string | null };
/** The limit that counts a wrong password, and its subject. */
type Where = [FailureLimit, string];

async function checkPassword(
  { stored, password, accountId }: Tried,
  [limit, subject]: Where,
  context: Context,
): Promise<{ status: "right" } | PasswordRefusal> {
  const attempted = await attempt(limit, subject, {
    work: () => verifyPassword(stored, password),
    failed: (fits) => !fits,
  });
  if (!attempted.allowed) return { status: "locked", until: attempted.until };
  if (attempted.result) return { status: "right" };
  await recordEvent(db(), { action: "session.refused", accountId, ...written(context) });
  if (attempted.last) await recordLock(limit, accountId, context);
  return { status: "wrong" };
}

/** Records one event when a lock begins. Attempts refused while it lasts record none. */
const recordLock = (limit: FailureLimit, accountId: string | null, context: Context) =>
  recordEvent(db(), { action: "session.locked", accountId, details: { limit }, ...written(context) });

const written = ({ now, client }: Context) => ({ at: now, person: client });
