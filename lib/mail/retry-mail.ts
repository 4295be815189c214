import "server-only";
import { eq } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";
import { queueMailAnew } from "@/lib/jobs/outbox";

/** `outOfDate`: what its link was for is over, so that nobody would have any use for it. */
export type Retrying = "queued" | "busy" | "sent" | "outOfDate" | "unknown";

/** Has a mail that waits or was given up tried at once, and for two days more. */
export function retryMail(mailId: string): Promise<Retrying> {
  return transaction(async (tx) => {
    const [found] = await tx.select({ outcome: mail.outcome }).from(mail).where(eq(mail.id, mailId)).for("update");
    if (!found) return "unknown";
    if (found.outcome === "sent") return "sent";
    if (found.outcome === "out-of-date") return "outOfDate";
    if (!(await queueMailAnew(tx, mailId))) return "busy";
    await tx.update(mail).set({ outcome: null, endedAt: null }).where(eq(mail.id, mailId));
    return "queued";
  });
}

/** Has every mail tried again that was given up. @returns how many */
export async function retryGivenUpMails(): Promise<number> {
  const givenUp = await db().select({ id: mail.id }).from(mail).where(eq(mail.outcome, "given-up"));
  let queued = 0;
  for (const { id } of givenUp) if ((await retryMail(id)) === "queued") queued++;
  return queued;
}
