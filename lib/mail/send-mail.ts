import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { mail } from "@/lib/db/schema/mail";
import { isAsIssued } from "@/lib/account/tokens";
import { log } from "@/lib/log";
import { deliver } from "@/lib/mail/deliver";
import { describeFailure } from "@/lib/mail/describe-failure";
import type { Post } from "@/lib/mail/post";
import { MailRefused } from "@/lib/mail/smtp";
import { writeLetter } from "@/lib/mail/write-letter";

/** A mail that waits, with what tells whether its link would still work. */
type Waiting = Post & { tokenHash: Buffer | null };

type Outcome = "sent" | "given-up" | "out-of-date";

/** This attempt failed, and another may not. Says nothing but that: the queue stores what is thrown. */
class NotSentYet extends Error {
  override name = "NotSentYet";
}

/**
 * Sends a mail that waits, once; what has ended already, or is of no use any more, is left alone. Sent twice only when the
 * database is lost between the mail server's yes and the note of it, and then with the same Message-ID.
 * @throws Error when it is worth trying again; what happened stands in the mail's row and in the log
 */
export async function sendMail(mailId: string, { now, signal }: { now: Date; signal: AbortSignal }): Promise<void> {
  const post = await beginTry(mailId);
  if (!post) return;
  if (isOutOfDate(post, now)) return end(mailId, "out-of-date");
  try {
    await deliver(writeLetter(post, { now }), signal);
  } catch (error) {
    const lastError = describeFailure(error, post.recipient);
    const gaveUp = error instanceof MailRefused;
    log().warn({ mailId, kind: post.kind, tries: post.tries, lastError, gaveUp }, "a mail was not sent");
    await db().update(mail).set({ lastError }).where(unfinished(mailId));
    if (gaveUp) return end(mailId, "given-up");
    throw new NotSentYet();
  }
  await end(mailId, "sent");
  log().info({ mailId, kind: post.kind, tries: post.tries }, "a mail was sent");
}

const unfinished = (mailId: string) => and(eq(mail.id, mailId), isNull(mail.outcome));

async function beginTry(mailId: string): Promise<Waiting | null> {
  const begun = db()
    .$with("begun")
    .as(
      db()
        .update(mail)
        .set({ tries: sql`${mail.tries} + 1` })
        .where(unfinished(mailId))
        .returning({
          id: mail.id,
          kind: mail.kind,
          accountId: mail.accountId,
          recipient: mail.recipient,
          tokenId: mail.tokenId,
          details: mail.details,
          createdAt: mail.createdAt,
          tries: mail.tries,
        }),
    );
  const [found] = await db()
    .with(begun)
    .select({
      id: begun.id,
      kind: sql<Post["kind"]>`${begun.kind}`,
      recipient: begun.recipient,
      details: begun.details,
      createdAt: begun.createdAt,
      tries: begun.tries,
      account: {
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
    .from(begun)
    .innerJoin(account, eq(account.id, begun.accountId))
    .leftJoin(oneTimeToken, eq(oneTimeToken.id, begun.tokenId));
  return found ?? null;
}

function isOutOfDate({ account, token, tokenHash }: Waiting, now: Date): boolean {
  if (account.erasedAt) return true;
  if (!token || !tokenHash) return false;
  return token.usedAt !== null || token.expiresAt <= now || !isAsIssued({ ...token, hash: tokenHash });
}

async function end(mailId: string, outcome: Outcome): Promise<void> {
  const lastError = outcome === "given-up" ? mail.lastError : null;
  await db()
    .update(mail)
    .set({ outcome, endedAt: sql`now()`, lastError: lastError as never })
    .where(unfinished(mailId));
}
