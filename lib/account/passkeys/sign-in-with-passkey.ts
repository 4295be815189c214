import "server-only";
import { transaction } from "@/lib/db/client";
import { lockAccount } from "@/lib/account/lock-account";
import { countProof, provePasskey } from "@/lib/account/passkeys/prove-passkey";
import { refusePasskey, type PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import { newReference, type Client } from "@/lib/account/session/sessions";
import { startSession } from "@/lib/account/session/start-session";

/**
 * Verifies a passkey and opens a session in the transaction that accepts the proof: one challenge opens one session.
 * @param answer the browser's response, as JSON
 * @returns as `signIn`
 */
export async function signInWithPasskey(
  answer: string,
  context: { now: Date; client: Client },
): Promise<{ status: "signedIn"; reference: string; locale: string; kept: boolean } | PasskeyRefusal> {
  const proved = await provePasskey(answer, { accountId: null }, context);
  if (proved.status === "refused") return proved;
  const { proof } = proved;
  const { accountId, passkeyId, locale } = proof;
  const reference = newReference();
  const started = await transaction(async (tx) => {
    // Lock the account before its passkey, as removing a passkey does.
    await lockAccount(tx, accountId);
    if (!(await countProof(tx, proof, context))) return null;
    return startSession(tx, { reference, accountId, client: context.client }, context);
  });
  if (!started) return refusePasskey("invalid", { accountId, passkeyId }, context);
  return { status: "signedIn", reference, locale, ...started };
}
