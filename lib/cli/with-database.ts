import "server-only";
import { startDatabase } from "@/lib/db/start";
import { commandEnv } from "@/lib/env";
import { logToStandardError } from "@/lib/log";

/**
 * Runs `work` with the database open: the one of DATABASE_URL, else the embedded one in DATA_DIR, which is started if
 * no server holds it already and then stopped again.
 */
export async function withDatabase<T>(work: (means: { url: string; lookupSecret: string }) => Promise<T>): Promise<T> {
  const { dataDir, databaseUrl, logLevel, lookupSecret } = commandEnv();
  logToStandardError(logLevel);
  const database = await startDatabase({ dataDir, databaseUrl, lookupSecret, mayHoldDemoData: true });
  try {
    return await work({ url: database.url, lookupSecret });
  } finally {
    await database.stop();
  }
}
