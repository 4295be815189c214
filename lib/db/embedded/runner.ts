import "server-only";
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { chown, stat } from "node:fs/promises";
import { text } from "node:stream/consumers";

/**
 * The user that runs PostgreSQL's programs: a command to put before theirs, the ids to take on, and the owner of their
 * files.
 */
export type Runner = { prefix: string[]; ids: { uid?: number; gid?: number }; owner: number };

const nobody = 65534;

/** PostgreSQL refuses to run as root. Root can start it in these ways, best first. */
const waysForRoot: Runner[] = [
  // In a user namespace the program runs as nobody, while files keep their place and owner.
  { prefix: ["unshare", "--user", `--map-user=${nobody}`, `--map-group=${nobody}`, "--"], ids: {}, owner: 0 },
  // Containers often forbid namespaces. The capability lets nobody enter directories that only root may enter.
  {
    prefix: [
      "setpriv",
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      "--clear-groups",
      "--inh-caps=+dac_override",
      "--ambient-caps=+dac_override",
      "--",
    ],
    ids: {},
    owner: nobody,
  },
  { prefix: [], ids: { uid: nobody, gid: nobody }, owner: nobody },
];

/** Passed to chown to leave the group unchanged. */
export const sameGroup = -1;

/**
 * Chooses the user that runs PostgreSQL: the current user or, for root, the ordinary user who owns the data directory
 * `home`. Without one, it is the first way in which `program` and `home` are both reachable.
 * @throws Error when root has no such way
 */
export async function chooseRunner(program: string, home: string): Promise<Runner> {
  const user = process.getuid?.();
  if (user !== 0) return { prefix: [], ids: {}, owner: user ?? 0 };
  const { uid, gid } = await stat(home);
  const isOrdinary = uid !== 0 && uid !== nobody;
  const ways = isOrdinary ? [{ prefix: [], ids: { uid, gid }, owner: uid }, ...waysForRoot] : waysForRoot;
  for (const way of ways) {
    // Without capabilities the other user must own the directory. A way that does not need this takes the directory
    // back.
    await chown(home, way.ids.uid ?? (isOrdinary ? uid : 0), sameGroup);
    if (await canReach(way, program, home)) return way;
  }
  await chown(home, uid, sameGroup);
  throw new Error(
    `PostgreSQL refuses to run as root, and here no other user can reach both ${program} and ${home}. ` +
      "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server.",
  );
}

async function canReach(way: Runner, program: string, home: string): Promise<boolean> {
  return run(way, "sh", ["-c", 'test -x "$0" && test -w "$1"', program, home]).then(
    () => true,
    () => false,
  );
}

/** Makes the runner's user the owner of `directory` and everything in it. */
export async function giveTo(runner: Runner, directory: string): Promise<void> {
  if (process.getuid?.() !== 0 || (await stat(directory)).uid === runner.owner) return;
  await run({ prefix: [], ids: {}, owner: 0 }, "chown", ["-R", String(runner.owner), directory]);
}

/**
 * Runs a program to its end with `input` on standard input.
 * @throws Error with its standard error, when it cannot start or fails
 */
export async function run(runner: Runner, program: string, args: string[], input = ""): Promise<void> {
  const child = start(runner, program, args, { stdio: ["pipe", "ignore", "pipe"] });
  child.stdin!.on("error", () => {}).end(input);
  const [complaint, code] = await Promise.all([
    text(child.stderr!),
    new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  if (code !== 0) throw new Error(`${program} failed: ${complaint.trim()}`);
}

type StartOptions = Omit<SpawnOptions, "env"> & { env?: Record<string, string> };

/** Starts a program as the runner's user. Its environment has `env` but none of the portal's secrets. */
export function start(runner: Runner, program: string, args: string[], options: StartOptions): ChildProcess {
  const [command, ...rest] = [...runner.prefix, program, ...args];
  // Windows programs need its variables. Elsewhere no variable, such as LC_ALL, may change what PostgreSQL does.
  const env = process.platform === "win32" ? undefined : ({ ...plainEnvironment, ...options.env } as NodeJS.ProcessEnv);
  return spawn(command!, rest, { ...options, ...runner.ids, cwd: "/", env });
}

const plainEnvironment: Record<string, string> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
};
