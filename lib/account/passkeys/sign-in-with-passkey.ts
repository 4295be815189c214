import "server-only";
import { transaction } from "@/lib/db/client";
import { countProof, provePasskey } from "@/lib/account/passkeys/prove-passkey";
import { refusePasskey, type PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import { newReference, ownerOf, type Client } from "@/lib/account/session/sessions";
import { startSession } from "@/lib/account/session/start-session";
import { issueToken, spendToken } from "@/lib/account/tokens";

type Context = { now: Date; client: Client };

/**
 * Checks a passkey and issues a ticket for one session, worth something for a minute. The ticket is what next-auth's
 * provider takes to {@link redeemTicket}; it never leaves the server.
 * @param answer what the browser gave, as JSON
 * @returns the ticket and the account's language, or why not
 */
export async function signInWithPasskey(
  answer: string,
  context: Context,
): Promise<{ status: "proved"; ticket: string; locale: string } | PasskeyRefusal> {
  const proved = await provePasskey(answer, { accountId: null }, context);
  if (proved.status === "refused") return proved;
  const { proof } = proved;
  const { accountId, email, passkeyId, locale } = proof;
  const ticket = await transaction(async (tx) => {
    if (!(await countProof(tx, proof, context))) return null;
    return (await issueToken(tx, { purpose: "passkey-ticket", accountId, email }, context)).token;
  });
  if (!ticket) return refusePasskey("invalid", { accountId, passkeyId }, context);
  return { status: "proved", ticket, locale };
}

/**
 * Opens a session for a ticket: of any number who bring it at once, for one.
 * @returns the session's reference, or null when the ticket is worth nothing (used, too old, no ticket at all)
 */
export async function redeemTicket(ticket: string, context: Context): Promise<{ reference: string } | null> {
  const reference = newReference();
  const opened = await transaction(async (tx) => {
    const spent = await spendToken(tx, ticket, ["passkey-ticket"], context);
    // Repeated after a lost answer, the ticket was spent on this very session.
    if (!spent) return (await ownerOf(reference, tx)) !== null;
    return startSession(tx, { reference, accountId: spent.accountId, client: context.client }, context);
  });
  return opened ? { reference } : null;
}
