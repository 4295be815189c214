import "server-only";
import { createHash } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { partnerToken } from "@/lib/db/schema/partner";
import type { Limited } from "@/lib/licence/look-up";
import type { Partner } from "@/lib/licence/partners/partners";
import { reserve, type Quota } from "@/lib/limits/limits";

type Means = { now: Date; randomBytes: (n: number) => Uint8Array };

/** So that a person or a program that finds one knows what it is. */
const PREFIX = "partner_";

/**
 * Issues a bearer token of 256 random bits for a partner's programs. Only its SHA-256 is stored, so it is known to nobody
 * who did not get it now.
 * @param randomBytes a cryptographic source of n bytes
 */
export const issuePartnerToken = ({ id, slug }: Partner, { now, randomBytes }: Means): Promise<string> =>
  transaction(async (tx) => {
    const token = PREFIX + Buffer.from(randomBytes(32)).toString("base64url");
    await tx.insert(partnerToken).values({ partnerId: id, hash: digestOf(token), createdAt: now });
    await recordEvent(tx, { action: "partner.token-issued", actor: "operator", subject: slug, at: now });
    return token;
  });

/** Revokes every token of a partner. @returns how many worked until now */
export const revokePartnerTokens = ({ id, slug }: Partner, { now }: { now: Date }): Promise<number> =>
  transaction(async (tx) => {
    const { rowCount } = await tx
      .update(partnerToken)
      .set({ revokedAt: now })
      .where(and(eq(partnerToken.partnerId, id), isNull(partnerToken.revokedAt)));
    const count = rowCount ?? 0;
    const event = { actor: "operator" as const, subject: slug, at: now, details: { count } };
    await recordEvent(tx, { action: "partner.tokens-revoked", ...event });
    return count;
  });

export type Admission =
  { status: "admitted"; partnerId: string; quota: Extract<Quota, { allowed: true }> } | { status: "unknown" } | Limited;

/** Admits a request of a partner's program, and counts it. An unknown token and a revoked one look alike. */
export async function admitPartner(token: string): Promise<Admission> {
  const [found] = await db()
    .select({ partnerId: partnerToken.partnerId, tokenId: partnerToken.id })
    .from(partnerToken)
    .where(and(eq(partnerToken.hash, digestOf(token)), isNull(partnerToken.revokedAt)));
  if (!found) return { status: "unknown" };
  const quota = await reserve("partnerPerToken", found.tokenId);
  if (!quota.allowed) return { status: "limited", until: quota.until };
  return { status: "admitted", partnerId: found.partnerId, quota };
}

const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();
