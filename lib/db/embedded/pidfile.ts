import "server-only";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** What `postmaster.pid` says, and whether it is true: the file outlives a killed server. */
export type Postmaster = {
  pid: number;
  /** Empty on Windows, and for a moment at start. */
  socketDirectory: string;
  isRunning: boolean;
  /** It takes connections; false while it starts, recovers or stops. */
  isReady: boolean;
  /** The number belongs to another program by now, or to a dead process that nobody reaped. */
  isStranger: boolean;
};

/**
 * Reads who serves, or served last, the cluster in `directory` (absolute); undefined after a clean stop. A file
 * which came along with a copy of another cluster's directory does not count.
 * @throws Error when the file is there and may not be read.
 */
export async function readPostmaster(directory: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(directory, "postmaster.pid"), "utf8").catch(emptyIfMissing)).split("\n");
  const [pid, servedDirectory, , , socketDirectory = "", , , status = ""] = lines;
  if (!pid || !servedDirectory || resolve(servedDirectory) !== directory) return undefined;
  const who = await identify(Number(pid), directory);
  return {
    pid: Number(pid),
    socketDirectory,
    isRunning: who === "postmaster",
    isReady: who === "postmaster" && status.trim() === "ready",
    isStranger: who === "stranger",
  };
}

/** In doubt it is the postmaster: taking it for dead would start a second one, taking it for alive only waits. */
async function identify(pid: number, directory: string): Promise<"postmaster" | "stranger" | "nobody"> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "nobody";
  }
  // A dead process that nobody has reaped has no arguments any more.
  const command = await readCommand(pid).catch(() => undefined);
  return command === undefined || command.includes(directory) ? "postmaster" : "stranger";
}

async function readCommand(pid: number): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  if (process.platform === "linux") return readFile(`/proc/${pid}/cmdline`, "utf8");
  return (await promisify(execFile)("ps", ["-ww", "-o", "command=", "-p", String(pid)])).stdout;
}

function emptyIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
