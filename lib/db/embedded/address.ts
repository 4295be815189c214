import "server-only";
import { createHash } from "node:crypto";
import { chown, lstat, mkdir, readFile, rmdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPostmaster } from "@/lib/db/embedded/pidfile";
import { sameGroup } from "@/lib/db/embedded/runner";

/** The address of a cluster: its runtime directory and the port that names the socket. On Windows, a loopback port. */
export type Address = { host: string; port: number; password?: string };

const socketPort = 5432;

/**
 * The longest socket path, in bytes, that every system accepts. With the final zero, macOS allows 104 and Linux 108.
 */
const socketPathLimit = 103;

/** A libpq URL for the `connectionString` of `pg`. It sets everything that PG* variables could otherwise change. */
export function databaseUrl({ host, port, password }: Address, user: string, database: string): string {
  return password === undefined
    ? `postgresql:///${database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}&sslmode=disable`
    : `postgresql://${user}:${password}@${host}:${port}/${database}?sslmode=disable`;
}

/**
 * The address at which the cluster in `directory` listens, or will listen once started. Socket paths must be short, so
 * the runtime directory lies outside DATA_DIR. Its name derives from the cluster's directory, so all processes find the
 * same one. It skips a directory that others can access, because anybody can create one first in a shared /tmp.
 * @throws Error when no directory can be trusted
 */
export async function chooseAddress(directory: string): Promise<Address> {
  if (process.platform === "win32") return readLoopback(directory);
  const { uid: owner, ino } = await stat(directory);
  const last = (await readPostmaster(directory))?.socketDirectory;
  // Try the last address first, even after a crash: connected processes look for the server there.
  const hosts = [...(last ? [last] : []), ...runtimeDirectories(directory, ino)];
  for (const host of hosts) {
    if (await isTrusted(host, owner)) return { host, port: socketPort };
  }
  throw new Error(`Other users own ${hosts.join(", ")}. Remove these, or set TMPDIR to a directory of your own.`);
}

/**
 * Creates the runtime directory, accessible only to the cluster's owner, unless it exists.
 * @throws Error when another user has created it meanwhile
 */
export async function makeRuntimeDirectory({ host, port }: Address, directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const { uid: owner } = await stat(directory);
  await mkdir(host, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  if (!(await isTrusted(host, owner))) throw new Error(`${host} belongs to another user.`);
  const found = await lstat(host).catch(() => undefined);
  // The process that stops the previous server may remove the directory between these two steps.
  if (!found) return makeRuntimeDirectory({ host, port }, directory);
  if (found.uid !== owner) await chown(host, owner, sameGroup);
}

/** Removes the runtime directory of a stopped server. */
export async function removeRuntimeDirectory(host: string): Promise<void> {
  await rmdir(host).catch(() => {});
}

/** The file in which `createCluster` stores the random port and password, on Windows. */
export const loopbackFile = (directory: string) => join(directory, "portal.json");

async function readLoopback(directory: string): Promise<Address> {
  return JSON.parse(await readFile(loopbackFile(directory), "utf8")) as Address;
}

function runtimeDirectories(directory: string, inode: number): string[] {
  // The inode distinguishes a cluster from one that was deleted under its running server and created again.
  const digest = createHash("sha256").update(`${directory}\n${inode}`).digest("hex");
  const names = [0, 16, 32, 48].map((from) => `portal-${digest.slice(from, from + 16)}`);
  return [...new Set([tmpdir(), "/tmp"])]
    .flatMap((base) => names.map((name) => join(base, name)))
    .filter((path) => Buffer.byteLength(join(path, `.s.PGSQL.${socketPort}`)) <= socketPathLimit);
}

/**
 * Whether a path is free, or a directory closed to others. Its owner must be the cluster's, or root until it is handed
 * over.
 */
async function isTrusted(path: string, owner: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return true;
  return found.isDirectory() && [owner, process.getuid?.()].includes(found.uid) && (found.mode & 0o077) === 0;
}
