import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloneTemplate, startTestCluster } from "@/lib/testing/cluster";
import { buildIfChanged } from "@/lib/cli/build-pages";
import { startServer } from "./server";
import { giveToWorkers } from "./given";

/**
 * Starts what the journeys need: a database server, a database, a production build of the current sources, and its
 * server. Everything is stopped again, even when only part of it started.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const undo: (() => Promise<unknown>)[] = [];
  const tearDown = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await buildIfChanged((line) => process.stdout.write(`${line}\n`));
    const directory = await mkdtemp(join(tmpdir(), "portal-browser-"));
    undo.push(() => rm(directory, { recursive: true, force: true }));

    const { stop, ...cluster } = await startTestCluster();
    undo.push(stop);
    const database = await cloneTemplate(cluster);
    undo.push(database.drop);

    // For the server, and for the workers, which create keys and previews that the server can read.
    const secret = () => randomBytes(32).toString("base64url");
    Object.assign(process.env, { APP_MODE: "test", LOG_LEVEL: "silent", DATA_DIR: directory });
    Object.assign(process.env, { AUTH_SECRET: secret(), LOOKUP_SECRET: secret(), VAULT_SECRETS: `1:${secret()}` });

    const logFile = join(directory, "server.log");
    const server = await startServer({ databaseUrl: database.url, dataDir: directory, logFile });
    undo.push(server.stop);
    giveToWorkers({ origin: server.origin, logFile, directory, databaseUrl: database.url, cluster });
    return tearDown;
  } catch (error) {
    await tearDown();
    throw error;
  }
}
