import "server-only";
import { eraseDueAccounts } from "@/lib/account/deletion/delete-account";
import { sweepChallenges } from "@/lib/account/passkeys/challenges";
import { sweepSessions } from "@/lib/account/session/sessions";
import { sweepTokens } from "@/lib/account/tokens";
import { startDatabase } from "@/lib/db/start";
import { env } from "@/lib/env";
import { sweepLimits } from "@/lib/limits/limits";
import { log } from "@/lib/log";
import { forgoesTls } from "@/lib/mail/smtp";
import { startMailWorker } from "@/lib/mail/start-mail-worker";
import { sweepMails } from "@/lib/mail/sweep-mails";
import type { Started } from "@/lib/started";

const HOUR = 3_600_000;

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
  startMailWorker();
  let swept = sweep();
  const sweeps = setInterval(() => (swept = sweep()), HOUR).unref();
  return {
    databaseUrl: database.url,
    stop: async () => {
      clearInterval(sweeps);
      await swept;
      await database.stop();
    },
  };
}

async function sweep(): Promise<void> {
  const now = new Date();
  const accounts = [sweepSessions(), sweepTokens(), sweepChallenges({ now }), eraseDueAccounts({ now })];
  await Promise.all([...accounts, sweepLimits(), sweepMails()]).catch((error: unknown) =>
    log().warn({ err: error }, "sweep failed"),
  );
}
