import "server-only";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** The content of `postmaster.pid`, checked, because the file survives a killed server. */
export type Postmaster = {
  pid: number;
  /** Empty on Windows, and briefly at start. */
  socketDirectory: string;
  isRunning: boolean;
  /** The server accepts connections. False while it starts, recovers or stops. */
  isReady: boolean;
  /** The process id now belongs to another program, or to a dead process that nobody reaped. */
  isStranger: boolean;
};

/**
 * Reads which server runs, or last ran, the cluster in `directory` (absolute). Undefined after a clean stop. A file
 * copied along with another cluster's directory does not count.
 * @throws Error when the file exists but may not be read
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

/**
 * If in doubt, it is the postmaster. Mistaking it for dead would start a second server, and mistaking it for alive only
 * costs a wait.
 */
async function identify(pid: number, directory: string): Promise<"postmaster" | "stranger" | "nobody"> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "nobody";
  }
  // A dead process that nobody has reaped has no arguments.
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
