import "server-only";
import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { and, eq, lt, or } from "drizzle-orm";
import { db, type Transaction } from "@/lib/db/client";
import { account, passkey } from "@/lib/db/schema/account";
import { CEREMONY_TIME, issueChallenge, takeChallenge } from "@/lib/account/passkeys/challenges";
import { readAuthentication } from "@/lib/account/passkeys/read-answer";
import { refusePasskey, type PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import { relyingParty, userHandleOf } from "@/lib/account/passkeys/relying-party";
import type { Client } from "@/lib/account/session/sessions";

type Context = { now: Date; client: Client };

/** Null for somebody who signs in; the account for a signed-in person who confirms. */
type Who = { accountId: string | null };

/** A verified passkey and its owner. It opens nothing until {@link countProof} has accepted it. */
export type Proof = { passkeyId: string; counter: number; accountId: string; locale: string };

/** Begins a proof and returns the options for the browser. At sign-in, the chosen passkey identifies the account. */
export async function beginProof(
  { accountId }: Who,
  context: Context,
): Promise<{ status: "begun"; options: PublicKeyCredentialRequestOptionsJSON } | { status: "limited"; until: Date }> {
  const issued = await issueChallenge({ accountId }, context);
  if (issued.status === "limited") return issued;
  const own =
    accountId === null
      ? []
      : await db()
          .select({ id: passkey.credentialId, transports: passkey.transports })
          .from(passkey)
          .where(eq(passkey.accountId, accountId));
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().id,
    challenge: issued.challenge,
    timeout: CEREMONY_TIME,
    userVerification: "required",
    allowCredentials: own.map(({ id, transports }) => ({
      id,
      transports: transports as AuthenticatorTransport[],
    })),
  });
  return { status: "begun", options };
}

/**
 * Verifies a passkey's response (Web Authentication, 7.2): a live challenge, this origin, a known passkey of this
 * account, verified by its user, and not a copy.
 * @param text the browser's response, as JSON
 */
export async function provePasskey(
  text: string,
  { accountId }: Who,
  context: Context,
): Promise<{ status: "proved"; proof: Proof } | PasskeyRefusal> {
  const read = readAuthentication(text);
  if (!read || !(await takeChallenge(read.challenge, { accountId }, context)))
    return refusePasskey("expired", { accountId }, context);
  const { answer, challenge } = read;
  const [found] = await db()
    .select({
      id: passkey.id,
      credentialId: passkey.credentialId,
      publicKey: passkey.publicKey,
      counter: passkey.counter,
      accountId: passkey.accountId,
      locale: account.locale,
    })
    .from(passkey)
    .innerJoin(account, eq(account.id, passkey.accountId))
    .where(eq(passkey.credentialId, answer.id));
  if (!found) return refusePasskey("unknown", { accountId }, context);

  const { id: passkeyId, locale } = found;
  const handle = answer.response.userHandle;
  const isOwners = accountId === null ? handle !== undefined : found.accountId === accountId;
  const names = handle === undefined || handle === userHandleOf(found.accountId);
  const counter = isOwners && names ? await verified(answer, challenge, found) : null;
  if (counter === null) return refusePasskey("invalid", { accountId: found.accountId, passkeyId }, context);
  return { status: "proved", proof: { passkeyId, counter, accountId: found.accountId, locale } };
}

/**
 * Accepts a proof, in the same transaction as the change it permits.
 * @returns false when the passkey was removed meanwhile, or its counter shows a copy
 */
export async function countProof(
  tx: Transaction,
  { passkeyId, accountId, counter }: Proof,
  { now }: { now: Date },
): Promise<boolean> {
  // Passkeys synced between devices always send 0. The same counter again means this transaction is being repeated.
  const goesOn = counter === 0 ? eq(passkey.counter, 0) : lt(passkey.counter, counter);
  const isRepeated = and(eq(passkey.counter, counter), eq(passkey.lastUsedAt, now));
  const { rowCount } = await tx
    .update(passkey)
    .set({ counter, lastUsedAt: now })
    .where(and(eq(passkey.id, passkeyId), eq(passkey.accountId, accountId), or(goesOn, isRepeated)));
  return rowCount === 1;
}

type Known = { credentialId: string; publicKey: Buffer; counter: number };

/** Returns the passkey's new counter, or null when the library rejects the response. */
async function verified(response: AuthenticationResponseJSON, expectedChallenge: string, known: Known) {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const credential = {
    id: known.credentialId,
    publicKey: Uint8Array.from(known.publicKey),
    counter: known.counter,
  };
  const expected = { expectedChallenge, expectedOrigin, expectedRPID, requireUserVerification: true };
  const found = await verifyAuthenticationResponse({ response, credential, ...expected }).catch(() => null);
  return found?.verified ? found.authenticationInfo.newCounter : null;
}
