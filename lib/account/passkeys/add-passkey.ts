import "server-only";
import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type AuthenticatorTransport,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { count, eq } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account, passkey } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { lockAccount } from "@/lib/account/lock-account";
import { CEREMONY_TIME, issueChallenge, takeChallenge } from "@/lib/account/passkeys/challenges";
import { readRegistration } from "@/lib/account/passkeys/read-answer";
import { refusePasskey, type PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import { relyingParty, userHandleOf } from "@/lib/account/passkeys/relying-party";
import type { Client } from "@/lib/account/session/sessions";

type Context = { now: Date; client: Client };

/** More than anybody has devices. */
export const MOST_PASSKEYS = 20;

/** COSE algorithms EdDSA, ES256 and RS256. Every authenticator supports at least one. */
const algorithms = [-8, -7, -257];

/**
 * Begins adding a passkey and returns the options for the browser. The passkey must be stored on the device and require
 * user verification (fingerprint, face, PIN). A device that already has one for this account is excluded.
 * @throws Error when the account does not exist
 */
export async function beginAddingPasskey(
  { accountId }: { accountId: string },
  context: Context,
): Promise<
  | { status: "begun"; options: PublicKeyCredentialCreationOptionsJSON }
  | { status: "tooMany" }
  | { status: "limited"; until: Date }
> {
  const [owner] = await db()
    .select({ name: account.name, email: account.email })
    .from(account)
    .where(eq(account.id, accountId));
  if (!owner) throw new Error("the account of a live session does not exist");
  const existing = await db()
    .select({ id: passkey.credentialId, transports: passkey.transports })
    .from(passkey)
    .where(eq(passkey.accountId, accountId));
  if (existing.length >= MOST_PASSKEYS) return { status: "tooMany" };
  const issued = await issueChallenge({ accountId }, context);
  if (issued.status === "limited") return issued;

  const { id: rpID, name: rpName } = relyingParty();
  const options = await generateRegistrationOptions({
    rpID,
    rpName,
    userID: Buffer.from(userHandleOf(accountId), "base64url"),
    userName: owner.email,
    userDisplayName: owner.name,
    challenge: issued.challenge,
    timeout: CEREMONY_TIME,
    attestationType: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: existing.map(({ id, transports }) => ({
      id,
      transports: transports as AuthenticatorTransport[],
    })),
  });
  return { status: "begun", options };
}

/**
 * Stores a new passkey's public key, emails the owner and records an event.
 * @param made.answer the browser's response, as JSON
 * @param made.name 1 to 60 characters
 * @throws Error when the account does not exist
 */
export async function addPasskey(
  { accountId, answer: text, name }: { accountId: string; answer: string; name: string },
  context: Context,
): Promise<{ status: "added"; id: string } | { status: "tooMany" } | PasskeyRefusal> {
  const read = readRegistration(text);
  if (!read || !(await takeChallenge(read.challenge, { accountId }, context)))
    return refusePasskey("expired", { accountId }, context);
  const made = await verified(read.answer, read.challenge);
  if (!made) return refusePasskey("invalid", { accountId }, context);

  const added = await transaction(async (tx) => {
    const owner = await lockAccount(tx, accountId);
    if (!owner) throw new Error("the account of a live session does not exist");
    const [row] = await tx
      .insert(passkey)
      .values({ ...made, accountId, name, createdAt: context.now })
      .onConflictDoNothing({ target: passkey.credentialId })
      .returning({ id: passkey.id });
    if (!row) {
      // This account has it already: the transaction is being repeated.
      const [known] = await tx.select().from(passkey).where(eq(passkey.credentialId, made.credentialId));
      return known?.accountId === accountId ? { status: "added" as const, id: known.id } : null;
    }
    const [held] = await tx.select({ passkeys: count() }).from(passkey).where(eq(passkey.accountId, accountId));
    if (held!.passkeys > MOST_PASSKEYS) {
      await tx.delete(passkey).where(eq(passkey.id, row.id));
      return { status: "tooMany" as const };
    }
    const { now: at, client: person } = context;
    await recordEvent(tx, { action: "passkey.added", accountId, subject: row.id, at, person });
    await postMail(tx, { kind: "passkey-added", accountId, recipient: owner.email, at });
    return { status: "added" as const, id: row.id };
  });
  return added ?? refusePasskey("invalid", { accountId }, context);
}

/** Returns the fields to store, or null when the library rejects the response. */
async function verified(response: RegistrationResponseJSON, expectedChallenge: string) {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const expected = { expectedChallenge, expectedOrigin, expectedRPID, supportedAlgorithmIDs: algorithms };
  const found = await verifyRegistrationResponse({ response, ...expected, requireUserVerification: true }).catch(
    () => null,
  );
  if (!found?.verified) return null;
  const { id: credentialId, publicKey, counter } = found.registrationInfo.credential;
  return { credentialId, publicKey: Buffer.from(publicKey), counter, transports: response.response.transports ?? [] };
}
