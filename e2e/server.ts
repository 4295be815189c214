import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "@/lib/testing/free-port";

export type Server = {
  /** `http://localhost:<port>` */
  origin: string;
  pid: number;
  /** Stops the server as a supervisor does (SIGTERM). @returns its exit code, or null when it had to be killed */
  stop(): Promise<number | null>;
};

type Place = {
  databaseUrl: string;
  dataDir: string;
  logFile: string;
  settings?: Record<string, string>;
  /** The directory of the project and its build. */
  root?: string;
  /** The entry point for Node. It must listen on PORT. */
  command?: string[];
};

/** An app of a phone and of a computer. */
export const exampleApp = {
  id: "example-app",
  name: "Exemple Mobile",
  redirectUris: ["org.example.app:/callback", "http://127.0.0.1/callback"],
};

const ownRoot = join(import.meta.dirname, "..");

/** Milliseconds allowed for the server to become ready, and to stop. */
const PATIENCE = 30_000;

const npmStart = ["--import", "./lib/cli/tsx.mjs", "--conditions=react-server", "lib/cli/serve.ts", "start"];

/**
 * Serves the build on a free port of this machine, behind one trusted proxy. A test's X-Forwarded-For is its network,
 * so rate limits apply to each test alone. The secrets are those of this process's environment.
 * @param place.logFile receives the server's output
 * @param place.settings override those of the journeys
 * @throws Error with the server's output when it does not become ready
 */
export async function startServer({
  databaseUrl,
  dataDir,
  logFile,
  settings: own,
  root = ownRoot,
  command = npmStart,
}: Place): Promise<Server> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  const settings = { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_URL: origin, PORT: String(port) };
  const output = openSync(logFile, "a");
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: ["ignore", output, output],
    env: {
      ...inherited,
      ...settings,
      NODE_ENV: "production",
      APP_MODE: "test",
      LOG_LEVEL: "debug",
      TRUSTED_PROXIES: "1",
      APP_CLIENTS: JSON.stringify([exampleApp]),
      NEXT_TELEMETRY_DISABLED: "1",
      ...own,
    },
  });
  closeSync(output);
  const ended = once(child, "exit");

  async function stop(): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    await ended;
    clearTimeout(late);
    return child.exitCode;
  }

  for (const giveUp = Date.now() + PATIENCE; !(await isReady(port)); await pause(50)) {
    if (child.exitCode === null && Date.now() < giveUp) continue;
    await stop();
    throw new Error(`The server did not start:\n${await readFile(logFile, "utf8")}`);
  }
  return { origin, pid: child.pid!, stop };
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    () => true,
    () => false,
  );
