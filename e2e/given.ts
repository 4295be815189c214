import type { TestServer } from "@/lib/testing/cluster";

/** What the global setup provides. */
export type Given = {
  origin: string;
  /** The server's log file. */
  logFile: string;
  /** Deleted when the tests have ended. */
  directory: string;
  databaseUrl: string;
  /** For tests that need their own database. */
  cluster: TestServer;
};

const name = "PORTAL_BROWSER_TESTS";

/** Workers inherit the environment that the global setup leaves. */
export function giveToWorkers(given: Given): void {
  process.env[name] = JSON.stringify(given);
}

export function given(): Given {
  const value = process.env[name];
  if (!value) throw new Error("The global setup has not run.");
  return JSON.parse(value) as Given;
}
