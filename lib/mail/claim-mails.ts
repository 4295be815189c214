import "server-only";
import { and, asc, eq, inArray, isNull, lte, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { mail } from "@/lib/db/schema/mail";
import type { Post } from "@/lib/mail/post";

/** An email that only this process may send until its claim expires. */
export type ClaimedMail = Post & {
  claimId: string;
  /** Claims so far, including this one. */
  tries: number;
  /** The hash of the email's token as it was issued; null without a token. */
  tokenHash: Buffer | null;
};

/** How long a claim lasts. A process that has not recorded an outcome by then counts as dead. */
const CLAIM = sql`interval '2 minutes'`;

/**
 * Claims due emails in one statement, the longest waiting first. No other worker gets them before the claim expires.
 * Rows that another statement is claiming are skipped, and claimed rows are not due for two minutes.
 * @param most the number of emails to claim at most
 */
export async function claimMails(most: number): Promise<ClaimedMail[]> {
  const due = db()
    .$with("due")
    .as(
      db()
        .select({ id: mail.id })
        .from(mail)
        .where(and(isNull(mail.outcome), lte(mail.nextTryAt, sql`now()`)))
        .orderBy(asc(mail.nextTryAt))
        .limit(most)
        .for("update", { skipLocked: true }),
    );
  const claimed = db()
    .$with("claimed")
    .as(
      db()
        .update(mail)
        .set({ claimId: sql`gen_random_uuid()`, nextTryAt: sql`now() + ${CLAIM}`, tries: sql`${mail.tries} + 1` })
        .where(inArray(mail.id, db().select({ id: due.id }).from(due)))
        .returning({
          id: mail.id,
          kind: mail.kind,
          accountId: mail.accountId,
          recipient: mail.recipient,
          tokenId: mail.tokenId,
          details: mail.details,
          createdAt: mail.createdAt,
          claimId: mail.claimId,
          tries: mail.tries,
        }),
    );
  return db()
    .with(due, claimed)
    .select({
      id: claimed.id,
      kind: sql<Post["kind"]>`${claimed.kind}`,
      recipient: claimed.recipient,
      details: claimed.details,
      createdAt: claimed.createdAt,
      claimId: sql<string>`${claimed.claimId}`,
      tries: claimed.tries,
      account: {
        id: account.id,
        name: account.name,
        email: account.email,
        locale: account.locale,
        timeZone: account.timeZone,
        emailVerifiedAt: account.emailVerifiedAt,
        erasedAt: account.erasedAt,
      },
      token: {
        id: oneTimeToken.id,
        purpose: sql<NonNullable<Post["token"]>["purpose"]>`${oneTimeToken.purpose}`,
        createdAt: oneTimeToken.createdAt,
        expiresAt: oneTimeToken.expiresAt,
        usedAt: oneTimeToken.usedAt,
      },
      tokenHash: oneTimeToken.hash,
    })
    .from(claimed)
    .innerJoin(account, eq(account.id, claimed.accountId))
    .leftJoin(oneTimeToken, eq(oneTimeToken.id, claimed.tokenId));
}
