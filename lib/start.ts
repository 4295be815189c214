import "server-only";
import { randomBytes } from "node:crypto";
import { eraseDueAccounts } from "@/lib/account/deletion/delete-account";
import { sweepApps } from "@/lib/account/oauth/app-sessions";
import { sweepHandoffs } from "@/lib/account/handoff/handoffs";
import { sweepChallenges } from "@/lib/account/passkeys/challenges";
import { sweepSessions } from "@/lib/account/session/sessions";
import { sweepTokens } from "@/lib/account/tokens";
import { currentTime } from "@/lib/clock";
import { isOutage } from "@/lib/db/outage";
import { sweepAnswers } from "@/lib/db/idempotent-answer";
import { startDatabase } from "@/lib/db/start";
import { env } from "@/lib/env";
import { endLeasesOfErased } from "@/lib/licence/leases/change-lease";
import { queueReminders } from "@/lib/licence/reminders";
import { sweepHeldKeys } from "@/lib/licence/held-key";
import { ensureSigningKey } from "@/lib/licence/signing-keys";
import { startDueKeys } from "@/lib/licence/start-kept-key";
import { sweepLimits } from "@/lib/limits/limits";
import { log } from "@/lib/log";
import { forgoesTls } from "@/lib/mail/smtp";
import { startMailWorker } from "@/lib/mail/start-mail-worker";
import { sweepMails } from "@/lib/mail/sweep-mails";
import { count } from "@/lib/metrics";
import { measureClock } from "@/lib/ready";
import type { Started } from "@/lib/started";

const HOUR = 3_600_000;
/** Milliseconds between two looks at the database's clock. */
const CLOCK_EVERY = 30_000;
/** Milliseconds between two looks for keys that start by themselves. Their dates do not depend on it. */
const KEYS_EVERY = 10_000;
/** Milliseconds between two looks for reminders. */
const REMINDERS_EVERY = 600_000;

/**
 * Starts what every page needs: the database, the email worker and the hourly sweep. instrumentation.ts calls it once
 * per process, inside the build. Other bundles find the results on `globalThis`.
 * @throws ConfigurationError when a setting or the database cannot be used
 */
export async function start(): Promise<Started> {
  const { dataDir, databaseUrl, mailUrl, mode, secrets } = env();
  const mayHoldDemoData = mode !== "production";
  const { lookup: lookupSecret, vault: vaultSecrets } = secrets;
  const database = await startDatabase({ dataDir, databaseUrl, lookupSecret, vaultSecrets, mayHoldDemoData });
  if (mailUrl && forgoesTls(mailUrl))
    log().warn("MAIL_URL has requireTLS=false: emails, their links and the password may travel unencrypted");
  await measureClock();
  // At start, so that no request for a page writes.
  await ensureSigningKey({ now: currentTime(), randomBytes, vault: vaultSecrets });
  startMailWorker();
  let swept = sweep();
  const sweeps = setInterval(() => (swept = sweep()), HOUR).unref();
  let starting = Promise.resolve();
  const starts = setInterval(() => (starting = startKeys()), KEYS_EVERY).unref();
  const measures = setInterval(() => void measureClock().catch(isOutage), CLOCK_EVERY).unref();
  return {
    databaseUrl: database.url,
    stop: async () => {
      clearInterval(sweeps);
      clearInterval(measures);
      clearInterval(starts);
      await swept;
      await starting;
      await database.stop();
    },
  };
}

let remindAgain = 0;

/** Starts the kept keys and queues the reminders that are due. */
async function startKeys(): Promise<void> {
  try {
    const started = await startDueKeys({ now: currentTime() });
    if (started > 0) count("jobs", { job: "start-keys", outcome: "done" });
    if (performance.now() >= remindAgain) {
      remindAgain = performance.now() + REMINDERS_EVERY;
      await queueReminders({ now: currentTime() });
    }
  } catch (error) {
    if (isOutage(error)) return;
    count("jobs", { job: "start-keys", outcome: "failed" });
    log().error({ err: error }, "kept keys could not be started, or reminders not queued");
  }
}

async function sweep(): Promise<void> {
  try {
    // An erased account never comes back, so the database's clock decides.
    await measureClock();
    const now = currentTime();
    const accounts = [
      sweepHeldKeys({ now }),
      sweepSessions(),
      sweepTokens(),
      sweepApps({ now }),
      sweepChallenges({ now }),
      sweepHandoffs({ now }),
      eraseDueAccounts({ now }),
    ];
    await Promise.all([...accounts, sweepLimits(), sweepMails(), sweepAnswers({ now })]);
    await endLeasesOfErased({ now });
    count("jobs", { job: "sweep", outcome: "done" });
  } catch (error) {
    count("jobs", { job: "sweep", outcome: "failed" });
    log().warn({ err: error }, "sweep failed");
  }
}
