import "server-only";
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";
import { queues, stateOfJob } from "@/lib/jobs/boss";
import { queueMailAnew } from "@/lib/jobs/outbox";
import { log } from "@/lib/log";

/**
 * Forgets mails that ended a month ago, and puts back into the queue what waits without standing in it, as after two weeks
 * without a server or a restored backup; run now and then.
 */
export async function sweepMails(): Promise<void> {
  await db()
    .delete(mail)
    .where(sql`${mail.endedAt} < now() - interval '30 days'`);
  const waiting = await db()
    .select({ id: mail.id })
    .from(mail)
    .where(and(isNull(mail.outcome), lt(mail.createdAt, sql`now() - interval '1 hour'`)));
  for (const { id } of waiting)
    await queueIfForgotten(id).catch((error: unknown) =>
      log().error({ err: error, mailId: id }, "a mail could not be queued anew"),
    );
}

const queueIfForgotten = (id: string) =>
  transaction(async (tx) => {
    const [waits] = await tx
      .select({ outcome: mail.outcome })
      .from(mail)
      .where(and(eq(mail.id, id), isNull(mail.outcome)))
      .for("update");
    if (waits && (await stateOfJob(tx, queues.mail, id)) === "none") await queueMailAnew(tx, id);
  });
