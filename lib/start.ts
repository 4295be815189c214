import "server-only";
import { eraseDueAccounts } from "@/lib/account/deletion/delete-account";
import { sweepChallenges } from "@/lib/account/passkeys/challenges";
import { sweepSessions } from "@/lib/account/session/sessions";
import { sweepTokens } from "@/lib/account/tokens";
import { startDatabase } from "@/lib/db/start";
import { ConfigurationError } from "@/lib/configuration-error";
import { env } from "@/lib/env";
import { watchArrivals } from "@/lib/http/front-door";
import { sweepLimits } from "@/lib/limits/limits";
import { log } from "@/lib/log";
import { startMailWorker } from "@/lib/mail/start-mail-worker";
import { sweepMails } from "@/lib/mail/sweep-mails";

const HOUR = 3_600_000;

/** Starts what the pages need: settings, database, the watch at the socket. Ends the process when something is wrong. */
export async function start(): Promise<void> {
  try {
    const { dataDir, databaseUrl, mode, secrets } = env();
    await startDatabase({ dataDir, databaseUrl, lookupSecret: secrets.lookup, mayHoldDemoData: mode !== "production" });
    startMailWorker();
    watchArrivals();
    sweep();
    setInterval(sweep, HOUR).unref();
  } catch (error) {
    process.stderr.write(
      error instanceof ConfigurationError ? `\n${error.message}\n\n` : `\n${String((error as Error).stack)}\n`,
    );
    process.exit(1);
  }
}

function sweep(): void {
  const now = new Date();
  const accounts = [sweepSessions(), sweepTokens(), sweepChallenges({ now }), eraseDueAccounts({ now })];
  Promise.all([...accounts, sweepLimits(), sweepMails()]).catch((error: unknown) =>
    log().warn({ err: error }, "sweep failed"),
  );
}
