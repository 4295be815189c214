import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { attachDatabase } from "@/lib/db/embedded/embedded";
import { migrate } from "@/lib/db/migrate";

/** `adminUrl` may create and drop databases; `templateUrl` names the migrated database to clone, and its owner. */
export type TestServer = { adminUrl: string; templateUrl: string };

export type TestDatabase = { url: string; drop(): Promise<void> };

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** Vitest's global setup of the integration tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...server } = await startTestCluster();
  project.provide("testServer", server);
  return stop;
}

/**
 * Starts a throw-away PostgreSQL, or uses the server at TEST_DATABASE_URL, whose user must be allowed to create
 * databases. Makes a migrated template on it.
 */
export async function startTestCluster(): Promise<TestServer & { stop(): Promise<void> }> {
  // eslint-disable-next-line no-restricted-syntax -- where the tests find a server is not a setting of the portal
  const given = process.env.TEST_DATABASE_URL;
  const { adminUrl, ownerUrl, end } = given
    ? { adminUrl: given, ownerUrl: given, end: async () => {} }
    : await startThrowAway();
  const template = `portal_template_${randomBytes(4).toString("hex")}`;
  const templateUrl = withDatabase(ownerUrl, template);
  const stop = async () => {
    await administer(adminUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`).finally(end);
  };
  try {
    await administer(adminUrl, `CREATE DATABASE ${template} OWNER ${userOf(ownerUrl)} TEMPLATE template0`);
    await migrate(templateUrl);
    // A template can be cloned only while nobody is connected to it.
    await administer(adminUrl, `ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl, templateUrl, stop };
}

/** Makes a copy of the template. `drop` also ends the connections that a test has left open. */
export async function cloneTemplate({ adminUrl, templateUrl }: TestServer): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const template = new URL(templateUrl).pathname.slice(1);
  await administer(adminUrl, `CREATE DATABASE ${name} OWNER ${userOf(templateUrl)} TEMPLATE ${template}`);
  return {
    url: withDatabase(templateUrl, name),
    drop: () => administer(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

const prefix = "portal-tests-";

async function startThrowAway() {
  await removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    const { url, release } = await attachDatabase({ dataDir, durable: false });
    const adminUrl = new URL(withDatabase(url, "postgres"));
    adminUrl.searchParams.set("user", "postgres");
    return { adminUrl: adminUrl.href, ownerUrl: url, end: () => release().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes the directories of killed test runs. Their servers stop within a minute of losing their directory. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : undefined;
    if (pid && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      const error = await client.query(statement).then(
        () => undefined,
        (reason: unknown) => reason as { code?: string },
      );
      if (!error) return;
      // Autovacuum may be in a database that is to be cloned or dropped.
      if (error.code !== "55006" || attempt === 20) throw error;
      await pause(50 * attempt);
    }
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

function userOf(url: string): string {
  const { searchParams, username } = new URL(url);
  return `"${searchParams.get("user") ?? decodeURIComponent(username)}"`;
}
