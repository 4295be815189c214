import "server-only";
import { sql } from "drizzle-orm";
import { fromDrizzle, PgBoss } from "pg-boss";
import { beforeClose, runStatement, type Transaction } from "@/lib/db/client";
import { log } from "@/lib/log";

/** Queues by name. `mail-dead` gets what `mail` has given up, also because the process died over it. */
export const queues = { mail: "mail", mailDead: "mail-dead" } as const;

// One per process, however often the bundler evaluates this module.
const shared = globalThis as { portalJobs?: Promise<PgBoss> };

/** The job queue, on the portal's own connections; started on first use, stopped when the database is closed. */
export function jobs(): Promise<PgBoss> {
  return (shared.portalJobs ??= start().catch((error: unknown) => {
    delete shared.portalJobs;
    throw error;
  }));
}

/**
 * Puts a job into a queue in the transaction of what it belongs to: it exists if and only if that is committed.
 * @param id of the job; a queue never holds two with the same one
 */
export async function sendJob(
  tx: Transaction,
  queue: string,
  { id, data }: { id: string; data: Record<string, string> },
): Promise<void> {
  const sent = await (await jobs()).send(queue, data, { id, db: fromDrizzle(tx, sql) });
  if (!sent) throw new Error(`the queue "${queue}" has a job ${id} already`);
}

/** Where a job stands, within a transaction: it waits, somebody works on it, it is over, or there is none. */
export async function stateOfJob(
  tx: Transaction,
  queue: string,
  id: string,
): Promise<"waiting" | "active" | "over" | "none"> {
  const [job] = await (await jobs()).findJobs(queue, { id, db: fromDrizzle(tx, sql) });
  if (!job) return "none";
  if (job.state === "active") return "active";
  return job.state === "created" || job.state === "retry" ? "waiting" : "over";
}

/** Takes a job that nobody works on out of its queue. */
export async function removeJob(tx: Transaction, queue: string, id: string): Promise<void> {
  await (await jobs()).deleteJob(queue, id, { db: fromDrizzle(tx, sql) });
}

async function start(): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: runStatement },
    // Installed with the portal's own migrations.
    migrate: false,
    schedule: false,
    registerInstance: false,
    clock: quietClock,
  });
  boss.on("error", reportSometimes());
  await boss.start();
  beforeClose(async () => {
    delete shared.portalJobs;
    await boss.stop({ graceful: false, close: false });
  });
  return boss;
}

/** A queue that waits keeps no process alive: a command which only sends must end. */
const quietClock = {
  now: () => Date.now(),
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  setInterval: (run: () => void, ms: number) => setInterval(run, ms).unref(),
  clearInterval: (timer: unknown) => clearInterval(timer as NodeJS.Timeout),
};

/** An outage of the database meets every look into the queue; one line a minute tells as much. */
function reportSometimes() {
  let silentUntil = 0;
  return (error: Error) => {
    if (Date.now() < silentUntil) return;
    silentUntil = Date.now() + 60_000;
    log().warn({ err: error }, "the job queue met a fault");
  };
}
