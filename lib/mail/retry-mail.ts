import "server-only";
import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";

/** `busy`: a worker is sending it. `outOfDate`: its link no longer works, so it is not sent. */
export type Retrying = "queued" | "busy" | "sent" | "outOfDate" | "unknown";

const anew = { outcome: null, endedAt: null, claimId: null, tries: 0, nextTryAt: sql`now()` };

const isGivenUp = eq(mail.outcome, "given-up");
const isFree = or(isNull(mail.claimId), lte(mail.nextTryAt, sql`now()`));

/** Queues an email that waits or was given up: it is tried at once, and for two more days. */
export async function retryMail(mailId: string): Promise<Retrying> {
  const { rowCount } = await db()
    .update(mail)
    .set(anew)
    .where(and(eq(mail.id, mailId), or(isGivenUp, and(isNull(mail.outcome), isFree))));
  if (rowCount === 1) return "queued";
  const [found] = await db().select({ outcome: mail.outcome }).from(mail).where(eq(mail.id, mailId));
  if (!found) return "unknown";
  if (found.outcome === "out-of-date") return "outOfDate";
  return found.outcome === "sent" ? "sent" : "busy";
}

/** Queues every email that was given up. @returns how many */
export async function retryGivenUpMails(): Promise<number> {
  const { rowCount } = await db().update(mail).set(anew).where(isGivenUp);
  return rowCount ?? 0;
}
