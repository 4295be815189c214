import "server-only";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { Failure } from "@/lib/cli/failure";
import { withDatabase } from "@/lib/cli/with-database";
import { backUp, restore } from "@/lib/db/embedded/backup";
import { attachDatabase } from "@/lib/db/embedded/embedded";
import { commandEnv } from "@/lib/env";

const ownServer = "DATABASE_URL is set, and these commands are for the embedded database. Use pg_dump and pg_restore.";

export function addBackup(program: Command): void {
  program
    .command("backup")
    .description("write the embedded database to a new file, also while the server runs")
    .argument("<file>", "such as portal-2027-01-31.tar.gz")
    .addHelpText("after", "\nThe secrets are not in it. Keep them too, elsewhere: a backup is worth nothing without.")
    .action(async (file: string) => {
      const { dataDir, databaseUrl } = commandEnv();
      if (databaseUrl) throw new Failure(ownServer, 2);
      if (!existsSync(join(dataDir, "postgres"))) throw new Failure(`There is no database in ${dataDir}.`);
      if (existsSync(file)) throw new Failure(`${file} exists already.`);
      const database = await attachDatabase({ dataDir });
      try {
        await backUp(database.directory, database.superuserUrl, file);
      } finally {
        await database.release();
      }
      process.stderr.write(`Wrote ${file}.\n`);
    });
}

export function addRestore(program: Command): void {
  program
    .command("restore")
    .description("make the embedded database of an empty DATA_DIR from a backup")
    .argument("<file>", "written by `portal backup`")
    .addHelpText("after", "\nIt then opens the database with the secrets at hand, and says if it needs others.")
    .action(async (file: string) => {
      const { dataDir, databaseUrl } = commandEnv();
      if (databaseUrl) throw new Failure(ownServer, 2);
      if (!existsSync(file)) throw new Failure(`There is no file ${file}.`);
      await restore(file, dataDir);
      process.stderr.write(`Restored into ${dataDir}.\n`);
      await withDatabase(async () => {});
      process.stderr.write("It opens with these secrets.\n");
    });
}
