import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Client } from "pg";
import { attachDatabase } from "@/lib/db/embedded/embedded";
import { migrate } from "@/lib/db/migrate";

export type Cluster = {
  /** The log file of the PostgreSQL server. */
  logFile: string;
  /** Creates an empty, migrated database. @returns its URL */
  database(name: string): Promise<string>;
  /** Runs a statement as the superuser, outside any transaction. */
  administer(statement: string, url?: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a PostgreSQL server that flushes every commit to disk, as in production. The tests' own cluster does not. */
export async function startDurableCluster(directory: string): Promise<Cluster> {
  const dataDir = join(directory, "database");
  const { url: template, release } = await attachDatabase({ dataDir, durable: true });
  const administer = async (statement: string, url = at(template, "postgres")) => {
    const client = new Client({ connectionString: asSuperuser(url) });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  try {
    await migrate(template);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    logFile: join(dataDir, "postgres.log"),
    database: async (name) => {
      const unique = `${name}_${randomBytes(3).toString("hex")}`;
      await administer(`CREATE DATABASE ${unique} OWNER portal TEMPLATE portal`);
      return at(template, unique);
    },
    administer,
    stop: () => release(),
  };
}

function at(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

function asSuperuser(url: string): string {
  const other = new URL(url);
  other.searchParams.set("user", "postgres");
  return other.href;
}
