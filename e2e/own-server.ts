import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { cloneTemplate } from "@/lib/testing/cluster";
import { makeKeys } from "@/lib/testing/factories";
import { formatKey } from "@/lib/licence/product-key";
import { layLine, type DatabaseLine } from "./database-line";
import { test as base } from "./fixtures";
import { given } from "./given";
import { startServer } from "./server";

export type OwnServer = {
  line: Pick<DatabaseLine, "cut" | "mend">;
  /** Runs a statement in the server's database, bypassing the line. */
  run<Row extends object>(sql: string): Promise<Row[]>;
  /** Issues a key in the server's database. */
  key(): Promise<string>;
  log(): Promise<string>;
};

type Served = { origin: string; mailFolder: string; own: OwnServer };

/** `settings` override those of all journeys. */
type Options = { settings: Record<string, string> };

/** Journeys with their own server and database, which they may break. */
export const test = base.extend<Options & { own: OwnServer; served: Served }>({
  settings: [{}, { option: true }],
  served: async ({ settings }, give) => {
    const { cluster, directory } = given();
    const database = await cloneTemplate(cluster);
    const line = await layLine(database.url);
    const dataDir = join(directory, randomBytes(6).toString("hex"));
    await mkdir(dataDir);
    const logFile = join(dataDir, "server.log");
    const server = await startServer({ databaseUrl: line.url, dataDir, logFile, settings });
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const own: OwnServer = {
      line,
      run: async (sql) => (await client.query(sql)).rows,
      key: async () => formatKey((await makeKeys(database.url)).keys[0]!),
      log: () => readFile(logFile, "utf8"),
    };
    await give({ origin: server.origin, mailFolder: join(dataDir, "mail"), own });
    await client.end();
    await server.stop();
    await line.close();
    await database.drop();
  },
  own: async ({ served }, give) => give(served.own),
  mailFolder: async ({ served }, give) => give(served.mailFolder),
  baseURL: async ({ served }, give) => give(served.origin),
});
