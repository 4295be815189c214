import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export type Server = {
  /** `http://localhost:<port>` */
  origin: string;
  stop(): Promise<void>;
};

type Place = {
  databaseUrl: string;
  dataDir: string;
  logFile: string;
  settings?: Record<string, string>;
  /** Where the project and its build are. */
  root?: string;
};

const ownRoot = join(import.meta.dirname, "..");

/** Milliseconds a server has to be ready, and to end. */
const PATIENCE = 30_000;

/**
 * Serves the build on a free port of this machine, as one proxy behind would: what a test sends as X-Forwarded-For is
 * its network, so that the limits apply to each test alone. Secrets are those of this process's environment.
 * @param place.logFile gets everything the server says
 * @param place.settings go before those of the journeys
 * @throws Error with what it said when it does not become ready
 */
export async function startServer({
  databaseUrl,
  dataDir,
  logFile,
  settings: own,
  root = ownRoot,
}: Place): Promise<Server> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  const settings = { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_URL: origin, PORT: String(port) };
  const output = openSync(logFile, "a");
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: root,
    stdio: ["ignore", output, output],
    env: {
      ...inherited,
      ...settings,
      NODE_ENV: "production",
      APP_MODE: "test",
      LOG_LEVEL: "debug",
      TRUSTED_PROXIES: "1",
      NEXT_TELEMETRY_DISABLED: "1",
      ...own,
    },
  });
  closeSync(output);
  const ended = once(child, "exit");

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    await ended;
    clearTimeout(late);
  }

  for (const giveUp = Date.now() + PATIENCE; !(await isReady(port)); await pause(50)) {
    if (child.exitCode === null && Date.now() < giveUp) continue;
    await stop();
    throw new Error(`The server did not start:\n${await readFile(logFile, "utf8")}`);
  }
  return { origin, stop };
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
