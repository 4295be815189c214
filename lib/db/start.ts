import "server-only";
import { openDatabase, closeDatabase } from "@/lib/db/client";
import { attachDatabase } from "@/lib/db/embedded/embedded";
import { migrate } from "@/lib/db/migrate";
import { bindLookupSecret, bindVaultSecrets, holdsDemoData } from "@/lib/db/settings";
import { ConfigurationError } from "@/lib/configuration-error";
import { log } from "@/lib/log";

type Wanted = {
  dataDir: string;
  databaseUrl: string | undefined;
  lookupSecret: string;
  /** The file that it is from, when LOOKUP_SECRET is not set. */
  secretsFile?: string | undefined;
  /** By version. The server has them, commands need none. */
  vaultSecrets?: ReadonlyMap<number, string>;
  mayHoldDemoData: boolean;
};

/**
 * Opens the database at `databaseUrl`, or else the embedded one in `dataDir`. It runs the migrations, opens the pool
 * and binds the database to the secrets.
 * @returns `stop` closes the pool and releases an embedded database; for `patience` see `release` in embedded.ts
 * @throws ConfigurationError when the database does not belong to this configuration
 */
export async function startDatabase(wanted: Wanted): Promise<{ url: string; stop(patience?: number): Promise<void> }> {
  const embedded = wanted.databaseUrl
    ? undefined
    : await attachDatabase({
        dataDir: wanted.dataDir,
        report: (message, error) => log().warn({ err: error }, message),
      });
  const url = wanted.databaseUrl ?? embedded!.url;
  const stop = async (patience?: number) => {
    await closeDatabase();
    await embedded?.release(patience);
  };
  try {
    await migrate(url);
    openDatabase(url);
    const isNew = await bindLookupSecret(wanted.lookupSecret, wanted.secretsFile);
    if (isNew && wanted.databaseUrl && wanted.secretsFile) {
      log().warn(`LOOKUP_SECRET is not set: this database now belongs to the one in ${wanted.secretsFile}`);
    }
    if (wanted.vaultSecrets) await bindVaultSecrets(wanted.vaultSecrets);
    if (!wanted.mayHoldDemoData && (await holdsDemoData())) {
      throw new ConfigurationError([
        `${wanted.databaseUrl ? "DATABASE_URL" : "DATA_DIR"} holds demo data; production needs a database of its own`,
      ]);
    }
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
