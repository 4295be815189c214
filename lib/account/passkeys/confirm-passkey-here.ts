import "server-only";
import { confirmWithPasskey } from "@/lib/account/passkeys/confirm-with-passkey";
import { renewHere } from "@/lib/account/session/renew-here";
import type { Client } from "@/lib/account/session/sessions";

/**
 * {@link confirmWithPasskey} for the caller in this browser. Puts the renewed session into its cookie.
 * @param attempt.answer the browser's response, as JSON
 */
export const confirmPasskeyHere = (
  attempt: { accountId: string; answer: string },
  context: { now: Date; client: Client },
) => renewHere((reference) => confirmWithPasskey({ ...attempt, reference }, context));
