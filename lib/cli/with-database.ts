import "server-only";
import { ConfigurationError } from "@/lib/configuration-error";
import { startDatabase } from "@/lib/db/start";
import { commandEnv, type CommandEnv } from "@/lib/env";
import { logToStandardError } from "@/lib/log";

/**
 * Runs `work` with an open database: the one at DATABASE_URL, or else the embedded one in DATA_DIR. If no process is
 * running the embedded database, it starts it and stops it afterwards.
 */
export const withDatabase = <T>(work: (means: { url: string; lookupSecret: string }) => Promise<T>): Promise<T> =>
  run(commandEnv(), work);

/**
 * As {@link withDatabase}, for a command that seals something.
 * @throws ConfigurationError without vault secrets, or with others than the database was used with
 */
export async function withVault<T>(work: (vault: ReadonlyMap<number, string>) => Promise<T>): Promise<T> {
  const settings = commandEnv();
  const { vaultSecrets } = settings;
  if (!vaultSecrets) throw new ConfigurationError(["VAULT_SECRETS is missing: set the ones of the servers"]);
  return run(settings, () => work(vaultSecrets), vaultSecrets);
}

async function run<T>(
  { dataDir, databaseUrl, logLevel, lookupSecret, secretsFile }: CommandEnv,
  work: (means: { url: string; lookupSecret: string }) => Promise<T>,
  vaultSecrets?: ReadonlyMap<number, string>,
): Promise<T> {
  logToStandardError(logLevel);
  const database = await startDatabase({
    ...{ dataDir, databaseUrl, lookupSecret, secretsFile, mayHoldDemoData: true },
    ...(vaultSecrets && { vaultSecrets }),
  });
  try {
    return await work({ url: database.url, lookupSecret });
  } finally {
    await database.stop();
  }
}
