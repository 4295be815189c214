import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { cloneTemplate } from "@/lib/testing/cluster";
import { makeAccount } from "@/lib/testing/factories";
import { closeDatabase, openDatabase, transaction } from "@/lib/db/client";
import { expect, test } from "./fixtures";
import { given } from "./given";
import { exampleApp, startServer, type Server } from "./server";

const APPS = 24;
/** Milliseconds of load before each kill. */
const moments = [150, 300, 500];

/** An app that refreshes again and again. It stores an answer only when it has read all of it. */
async function refreshing(server: Server, app: { stored: string; done: number }, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: exampleApp.id,
      refresh_token: app.stored,
    });
    const answer = await fetch(`${server.origin}/oauth/token`, { method: "POST", body });
    const { refresh_token: next, error } = (await answer.json()) as { refresh_token?: string; error?: string };
    // A third of the apps are killed as well, between the answer and its storage.
    if (next && Math.random() < 2 / 3) app.stored = next;
    else if (error !== "temporarily_unavailable" && !next) throw new Error(`signed out: ${error}`);
    app.done++;
  }
}

test("a server killed while apps refresh signs none of them out (R01)", async () => {
  const { cluster, directory, databaseUrl } = given();
  const database = await cloneTemplate(cluster);
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const start = () => startServer({ databaseUrl: database.url, dataDir, logFile: join(dataDir, "server.log") });
  let server = await start();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await closeDatabase();
  openDatabase(database.url);
  try {
    const accountId = await makeAccount();
    const apps = await Promise.all(
      Array.from({ length: APPS }, async () => {
        const entry = { accountId, clientId: exampleApp.id };
        const started = await transaction((tx) => startAppSession(tx, entry, { now: new Date(), randomBytes }));
        return { stored: started!.refreshToken, done: 0 };
      }),
    );
    for (const moment of moments) {
      const load = apps.map((app) => refreshing(server, app, () => false).catch((error: unknown) => error));
      await pause(moment);
      process.kill(server.pid, "SIGKILL");
      for (const end of await Promise.all(load)) expect(String(end)).toMatch(/fetch failed|terminated/);
      server = await start();
      const before = apps.map(({ done }) => done);
      await Promise.all(apps.map((app, at) => refreshing(server, app, () => app.done > before[at]!)));
    }
    const { rows } = await client.query<{ live: number }>(
      "SELECT count(*)::int AS live FROM app_session WHERE ended_at IS NULL",
    );
    expect(rows[0]!.live).toBe(APPS);
    expect(apps.reduce((sum, { done }) => sum + done, 0)).toBeGreaterThan(APPS * moments.length);
  } finally {
    await server.stop();
    await client.end();
    await closeDatabase();
    openDatabase(databaseUrl);
    await database.drop();
  }
});
