import "server-only";
import { startDatabase } from "@/lib/db/start";
import { commandEnv } from "@/lib/env";
import { logToStandardError } from "@/lib/log";

/**
 * Runs `work` with an open database: the one at DATABASE_URL, or else the embedded one in DATA_DIR. If no process is
 * running the embedded database, it starts it and stops it afterwards.
 */
export async function withDatabase<T>(work: (means: { url: string; lookupSecret: string }) => Promise<T>): Promise<T> {
  const { dataDir, databaseUrl, logLevel, lookupSecret, secretsFile } = commandEnv();
  logToStandardError(logLevel);
  const database = await startDatabase({ dataDir, databaseUrl, lookupSecret, secretsFile, mayHoldDemoData: true });
  try {
    return await work({ url: database.url, lookupSecret });
  } finally {
    await database.stop();
  }
}
