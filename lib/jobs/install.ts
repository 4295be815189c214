import "server-only";
import type { Client } from "pg";
import { PgBoss } from "pg-boss";
import { queues } from "@/lib/jobs/boss";

/**
 * How often and how long a mail is tried: 10 s after the first failure, then twice as long each time up to an hour,
 * which is two days in all. A worker that says nothing for two minutes is taken for dead.
 */
const mailQueue = { retryLimit: 56, retryDelay: 10, retryBackoff: true, retryDelayMax: 3_600, expireInSeconds: 120 };

/** Creates or updates the job queue's own tables and the portal's queues; nothing changes where they are as they shall be. */
export async function installJobs(client: Client): Promise<void> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => client.query(text, values as unknown[]) },
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  boss.on("error", () => {});
  await boss.start();
  try {
    await boss.createQueue(queues.mailDead);
    await boss.createQueue(queues.mail, { ...mailQueue, deadLetter: queues.mailDead });
    await boss.updateQueue(queues.mail, mailQueue);
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
}
