import type { TestServer } from "@/lib/testing/cluster";

/** What the global set-up has started. */
export type Given = {
  origin: string;
  /** Everything the server says. */
  logFile: string;
  /** Goes when the tests have ended. */
  directory: string;
  databaseUrl: string;
  /** For tests that need a database of their own. */
  cluster: TestServer;
};

const name = "PORTAL_BROWSER_TESTS";

/** The workers inherit the environment as the global set-up leaves it. */
export function giveToWorkers(given: Given): void {
  process.env[name] = JSON.stringify(given);
}

export function given(): Given {
  const value = process.env[name];
  if (!value) throw new Error("The global set-up has not run.");
  return JSON.parse(value) as Given;
}
