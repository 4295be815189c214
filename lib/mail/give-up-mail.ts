import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";
import { queues, stateOfJob } from "@/lib/jobs/boss";
import { log } from "@/lib/log";

/** Ends a mail which the queue has given up, unless an operator has had it queued again meanwhile. */
export async function giveUpMail(mailId: string): Promise<void> {
  const gaveUp = await transaction(async (tx) => {
    const unfinished = and(eq(mail.id, mailId), isNull(mail.outcome));
    const [waits] = await tx.select({ id: mail.id }).from(mail).where(unfinished).for("update");
    if (!waits || ["waiting", "active"].includes(await stateOfJob(tx, queues.mail, mailId))) return false;
    await tx
      .update(mail)
      .set({ outcome: "given-up", endedAt: sql`now()` })
      .where(eq(mail.id, mailId));
    return true;
  });
  if (gaveUp) log().error({ mailId }, "a mail was given up; see: portal mail list");
}
