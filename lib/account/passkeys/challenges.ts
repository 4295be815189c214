import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull, lte } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { passkeyChallenge } from "@/lib/db/schema/account";
import { reserve } from "@/lib/limits/limits";
import type { Client } from "@/lib/account/session/sessions";

/** Milliseconds somebody has to find the device and unlock it. */
export const CEREMONY_TIME = 5 * 60_000;

type Owner = { accountId: string | null };

/**
 * Gives out what a passkey is to sign. How often is limited per network, and with it everything that follows: an answer
 * needs a challenge, and each counts once.
 * @param owner.accountId whose ceremony it is; null for somebody who signs in
 */
export async function issueChallenge(
  { accountId }: Owner,
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "issued"; challenge: Buffer<ArrayBuffer> } | { status: "limited"; until: Date }> {
  const limit = "passkeyPerNetwork";
  const reservation = await reserve(limit, client.addressPrefix ?? "unknown");
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  if (reservation.last)
    // Of nobody: a network is not a person, and its tries may be anybody's.
    await recordEvent(db(), { action: "session.locked", accountId: null, details: { limit }, at: now, person: client });

  const challenge = randomBytes(32);
  const expiresAt = new Date(now.getTime() + CEREMONY_TIME);
  await db()
    .insert(passkeyChallenge)
    .values({ challenge: challenge.toString("base64url"), accountId, expiresAt });
  return { status: "issued", challenge };
}

/**
 * Takes a challenge out of the world, before anything else is looked at, so that no answer to it counts twice.
 * @returns false when there is none such: never given out, used, too old, or of another account
 */
export async function takeChallenge(challenge: string, { accountId }: Owner, { now }: { now: Date }): Promise<boolean> {
  const { rowCount } = await db()
    .delete(passkeyChallenge)
    .where(
      and(
        eq(passkeyChallenge.challenge, challenge),
        accountId === null ? isNull(passkeyChallenge.accountId) : eq(passkeyChallenge.accountId, accountId),
        gt(passkeyChallenge.expiresAt, now),
      ),
    );
  return rowCount === 1;
}

/** Forgets challenges that nobody answered; run now and then. */
export async function sweepChallenges({ now }: { now: Date }): Promise<void> {
  await db().delete(passkeyChallenge).where(lte(passkeyChallenge.expiresAt, now));
}
