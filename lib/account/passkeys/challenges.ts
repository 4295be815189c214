import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull, lte } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { passkeyChallenge } from "@/lib/db/schema/account";
import { reserve } from "@/lib/limits/limits";
import type { Client } from "@/lib/account/session/sessions";

/** Milliseconds to find the device and unlock it. */
export const CEREMONY_TIME = 5 * 60_000;

type Owner = { accountId: string | null };

/**
 * Issues a challenge for a passkey to sign. The rate limit per network also limits all that follows: each response
 * needs a challenge, and each challenge works once.
 * @param owner.accountId the account; null for somebody who signs in
 */
export async function issueChallenge(
  { accountId }: Owner,
  { now, client }: { now: Date; client: Client },
): Promise<{ status: "issued"; challenge: Buffer<ArrayBuffer> } | { status: "limited"; until: Date }> {
  const limit = "passkeyPerNetwork";
  const reservation = await reserve(limit, client.addressPrefix ?? "unknown");
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  if (reservation.last)
    // Not recorded for an account: many people may share a network.
    await recordEvent(db(), { action: "session.locked", accountId: null, details: { limit }, at: now, person: client });

  const challenge = randomBytes(32);
  const expiresAt = new Date(now.getTime() + CEREMONY_TIME);
  await db()
    .insert(passkeyChallenge)
    .values({ challenge: challenge.toString("base64url"), accountId, expiresAt });
  return { status: "issued", challenge };
}

/**
 * Deletes a challenge before its response is checked, so that no response can be used twice.
 * @returns false when the challenge is unknown, used, expired or of another account
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

/** Deletes challenges that expired unanswered. Runs hourly. */
export async function sweepChallenges({ now }: { now: Date }): Promise<void> {
  await db().delete(passkeyChallenge).where(lte(passkeyChallenge.expiresAt, now));
}
