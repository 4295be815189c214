import "server-only";
import { jobs, queues } from "@/lib/jobs/boss";
import { giveUpMail } from "@/lib/mail/give-up-mail";
import { sendMail } from "@/lib/mail/send-mail";

type MailJob = { mailId: string };

/** Mails one instance sends at once, so that a mail server that hangs does not hold up everybody's. */
const AT_ONCE = 3;

/** Seconds between two looks into the queue. */
const EVERY = { mail: 0.5, dead: 5 };

/**
 * Sends what waits to be sent, until the database is closed. Each mail is taken by one worker of all instances; one whose
 * worker dies goes back to the queue.
 */
export async function startMailWorker(): Promise<void> {
  const boss = await jobs();
  await boss.work<MailJob>(
    queues.mail,
    { pollingIntervalSeconds: EVERY.mail, localConcurrency: AT_ONCE },
    async ([job]) => sendMail(job!.data.mailId, { now: new Date(), signal: job!.signal }),
  );
  await boss.work<MailJob>(queues.mailDead, { pollingIntervalSeconds: EVERY.dead }, async ([job]) =>
    giveUpMail(job!.data.mailId),
  );
}
