import "server-only";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { lockAccount } from "@/lib/account/lock-account";
import { countProof, provePasskey } from "@/lib/account/passkeys/prove-passkey";
import { refusePasskey, type PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import { newReference, renewSession, type Client } from "@/lib/account/session/sessions";

type Context = { now: Date; client: Client };

/**
 * Step-up: checks a passkey of the signed-in person and renews their session's reference.
 * @returns the new reference; `ended` when the session is over meanwhile
 */
export async function confirmWithPasskey(
  { accountId, reference, answer }: { accountId: string; reference: string; answer: string },
  context: Context,
): Promise<{ status: "confirmed"; reference: string } | { status: "ended" } | PasskeyRefusal> {
  const proved = await provePasskey(answer, { accountId }, context);
  if (proved.status === "refused") return proved;
  const { proof } = proved;
  const renewed = newReference();
  const done = await transaction(async (tx) => {
    await lockAccount(tx, accountId);
    if (!(await countProof(tx, proof, context))) return "invalid";
    if (!(await renewSession(tx, reference, renewed))) return "ended";
    const { now: at, client: person } = context;
    await recordEvent(tx, { action: "session.confirmed", accountId, subject: proof.passkeyId, at, person });
    return "confirmed";
  });
  if (done === "invalid") return refusePasskey("invalid", { accountId, passkeyId: proof.passkeyId }, context);
  return done === "ended" ? { status: "ended" } : { status: "confirmed", reference: renewed };
}
