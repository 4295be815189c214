import "server-only";
import { constants, open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeRuntimeDirectory, removeRuntimeDirectory, type Address } from "@/lib/db/embedded/address";
import type { Cluster } from "@/lib/db/embedded/cluster";
import { readPostmaster, type Postmaster } from "@/lib/db/embedded/pidfile";
import { chooseRunner, giveTo, run, sameGroup, start } from "@/lib/db/embedded/runner";

/** A requested start. It ends when its server does, or at once if another start was faster. */
export type Start = { hasEnded: boolean; complaint: () => Promise<string> };

const windows = process.platform === "win32";
const logLimit = 10_000_000;
const stopPatience = 60_000;

const baseSettings = [
  "max_connections=100",
  "timezone=UTC",
  "log_timezone=UTC",
  // Log starts, stops and crashes. Callers log their failed statements: here, the text would store personal data.
  "log_min_messages=log",
  "log_checkpoints=off",
];

/**
 * Starts a cluster's server in its own session, so that Ctrl-C does not reach it before the portal and it can survive a
 * killed portal. PostgreSQL's own lock allows one server per cluster, however many are started.
 */
export async function startPostmaster(cluster: Cluster, address: Address, settings: string[]): Promise<Start> {
  const { binaries, directory, home } = cluster;
  const runner = await chooseRunner(binaries.postgres, home);
  await giveTo(runner, directory);
  await makeRuntimeDirectory(address, directory);

  const last = await readPostmaster(directory);
  // A killed server's process id may belong to another program now, which PostgreSQL would take for a live server. The
  // variable names that process as its own grandparent, so PostgreSQL ignores it. Its other checks, such as for shared
  // memory in use, still apply.
  const env: Record<string, string> = last?.isStranger ? { PG_GRANDPARENT_PID: String(last.pid) } : {};

  const path = join(home, "postgres.log");
  const log = await openLog(path);
  if (process.getuid?.() === 0) await log.chown(runner.owner, sameGroup);
  const { size: logBegin } = await log.stat();
  const options = [...baseSettings, ...listen(address), ...settings].flatMap((setting) => ["-c", setting]);
  const child = windows
    ? start(runner, binaries.pgCtl, ["start", "-D", directory, "-l", path, "-o", options.join(" ")], {
        stdio: "ignore",
      })
    : start(runner, binaries.postgres, ["-D", directory, ...options], {
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
        env,
      });
  let fault = "";
  const started: Start = {
    hasEnded: false,
    complaint: async () => ((await readFile(path)).subarray(logBegin).toString() + fault).trim(),
  };
  child.once("exit", () => (started.hasEnded = true));
  child.once("error", ({ message }) => {
    fault = message;
    started.hasEnded = true;
  });
  child.unref();
  await log.close();
  return started;
}

/**
 * Stops the server without waiting for its clients, and returns once it is gone.
 * @throws Error when it still runs after a minute
 */
export async function stopPostmaster({ binaries, directory, home }: Cluster): Promise<void> {
  const postmaster = await readPostmaster(directory);
  if (!postmaster?.isRunning) return;
  if (windows) {
    await run(await chooseRunner(binaries.pgCtl, home), binaries.pgCtl, ["stop", "-m", "fast", "-D", directory]);
  } else {
    interrupt(postmaster.pid);
  }
  const giveUp = Date.now() + stopPatience;
  const isThere = (now?: Postmaster) => now?.isRunning && now.pid === postmaster.pid;
  while (isThere(await readPostmaster(directory))) {
    if (Date.now() > giveUp) throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`);
    await pause(10);
  }
  await removeRuntimeDirectory(postmaster.socketDirectory);
}

/** A server that dies by itself meanwhile is stopped as well. */
function interrupt(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function listen({ host, port }: Address): string[] {
  if (windows) return [`listen_addresses=${host}`, `port=${port}`];
  const quoted = `"${host.replaceAll('"', '""')}"`;
  return ["listen_addresses=", `unix_socket_directories=${quoted}`, "unix_socket_permissions=0700", `port=${port}`];
}

async function openLog(path: string) {
  const size = await stat(path)
    .then((found) => found.size)
    .catch(() => 0);
  if (size > logLimit) await rename(path, `${path}.1`);
  // Root must not follow a link that another user may have put there.
  const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_WRONLY } = constants;
  return open(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
}
