import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newReference, openSession } from "@/lib/account/session/sessions";
import { db } from "@/lib/db/client";
import { cloneTemplate } from "@/lib/testing/cluster";
import { layLine, type DatabaseLine } from "../database-line";
import { expect, test as base } from "../fixtures";
import { given } from "../given";
import { startServer } from "../server";
import { send, type Answer, type Sent } from "./raw";

export { expect };

export type Send = (sent: Sent) => Promise<Answer>;

export type Served = { origin: string; send: Send; databaseUrl: string; logFile: string; stop(): Promise<void> };

type PerTest = {
  /** Sends to the shared server, from the test's own network. */
  send: Send;
  /** As `send`, with the site's own Origin. */
  sendFromSite: Send;
  /** Creates a live session. @returns its reference, as in the cookie */
  session: (person: { id: string }) => Promise<string>;
  /** A network with unused rate limits. */
  freshNetwork: () => string;
};

type PerWorker = {
  /** The site as in production: https behind a proxy, with its own database. */
  production: Served;
  /** The shared site and its database, without proxy.ts. `statements` are those it executed so far. */
  withoutProxy: Pick<Served, "origin" | "send"> & Pick<DatabaseLine, "statements">;
};

/** The public origin of `production`. */
export const publicOrigin = "https://my.portal.example";
export const publicHost = new URL(publicOrigin).host;

let networks = 0;

export const test = base.extend<PerTest, PerWorker>({
  send: async ({ network, baseURL }, give) =>
    give((sent) => send(baseURL!, { ...sent, headers: { "X-Forwarded-For": network, ...sent.headers } })),
  sendFromSite: async ({ send: ask, baseURL }, give) =>
    give((sent) => ask({ ...sent, headers: { Origin: baseURL, ...sent.headers } })),
  session: async ({}, give) =>
    give(async ({ id }) => {
      const reference = newReference();
      await openSession(db(), {
        reference,
        accountId: id,
        client: { addressPrefix: null, userAgent: null, browser: null },
      });
      return reference;
    }),
  freshNetwork: async ({}, give, { workerIndex }) =>
    give(() => `172.${16 + (workerIndex % 16)}.${(++networks >> 8) & 255}.${networks & 255}`),

  withoutProxy: [
    async ({}, give) => {
      const { databaseUrl, directory } = given();
      const root = join(directory, randomBytes(6).toString("hex"));
      await copyBuild(root);
      await writeFile(join(root, ".next/server/functions-config-manifest.json"), '{ "version": 1, "functions": {} }');
      const line = await layLine(databaseUrl);
      const logFile = join(root, "server.log");
      const server = await startServer({ databaseUrl: line.url, dataDir: directory, logFile, root });
      const { statements } = line;
      await give({ origin: server.origin, send: (sent) => send(server.origin, sent), statements });
      await server.stop();
      await line.close();
    },
    { scope: "worker" },
  ],
  production: [
    async ({}, give) => {
      const served = await serve(productionSettings);
      await give({
        ...served,
        send: (sent) => served.send({ ...sent, headers: { Host: publicHost, ...sent.headers } }),
      });
      await served.stop();
    },
    { scope: "worker" },
  ],
});

export const productionSettings = {
  APP_MODE: "production",
  AUTH_URL: publicOrigin,
  MAIL_URL: "smtps://portal:secret@mail.portal.example",
  TRUSTED_PROXIES: "1",
};

/** Copies the project for a test that changes and serves its own build. */
async function copyBuild(to: string): Promise<void> {
  const from = join(import.meta.dirname, "../..");
  await mkdir(to);
  const own = [".next", ".data", ".git", "test-results"];
  for (const name of await readdir(from)) if (!own.includes(name)) await symlink(join(from, name), join(to, name));
  const parts = (await readdir(join(from, ".next"))).filter((name) => name !== "cache");
  for (const name of parts) await cp(join(from, ".next", name), join(to, ".next", name), { recursive: true });
}

/** Starts a server with its own settings and database. */
export async function serve(settings: Record<string, string>): Promise<Served> {
  const { cluster, directory } = given();
  const database = await cloneTemplate(cluster);
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const logFile = join(dataDir, "server.log");
  const server = await startServer({ databaseUrl: database.url, dataDir, logFile, settings });
  return {
    origin: server.origin,
    send: (sent) => send(server.origin, sent),
    databaseUrl: database.url,
    logFile,
    stop: async () => {
      await server.stop();
      await database.drop();
    },
  };
}
