import "server-only";
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { chown, stat } from "node:fs/promises";
import { text } from "node:stream/consumers";

/** As whom PostgreSQL's programs run: a command to put before theirs, ids to take on, and who owns their files. */
export type Runner = { prefix: string[]; ids: { uid?: number; gid?: number }; owner: number };

const nobody = 65534;

/** PostgreSQL refuses to run as root. These are ways for root to start it, best first. */
const waysForRoot: Runner[] = [
  // In a user namespace the program takes itself for nobody, while files stay where and whose they are.
  { prefix: ["unshare", "--user", `--map-user=${nobody}`, `--map-group=${nobody}`, "--"], ids: {}, owner: 0 },
  // Containers often forbid namespaces. The capability lets nobody into directories which only root may enter.
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
 * Finds as whom PostgreSQL can run here: as the present user or, for root, as the ordinary user whom the data directory
 * `home` belongs to, else in the first way in which both `program` and `home` can be reached.
 * @throws Error when there is no such way for root.
 */
export async function chooseRunner(program: string, home: string): Promise<Runner> {
  const user = process.getuid?.();
  if (user !== 0) return { prefix: [], ids: {}, owner: user ?? 0 };
  const { uid, gid } = await stat(home);
  const isOrdinary = uid !== 0 && uid !== nobody;
  const ways = isOrdinary ? [{ prefix: [], ids: { uid, gid }, owner: uid }, ...waysForRoot] : waysForRoot;
  for (const way of ways) {
    // Without capabilities the directory must be the other user's; a way which needs no such gift takes it back.
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
 * Runs a program to its end with `input` on its standard input.
 * @throws Error with what it wrote to standard error, when it cannot be started or does not end well.
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

/** Starts a program as the runner's user, in an environment with none of the portal's secrets, and `env` besides. */
export function start(runner: Runner, program: string, args: string[], options: StartOptions): ChildProcess {
  const [command, ...rest] = [...runner.prefix, program, ...args];
  // Windows' programs need variables of its own; elsewhere nothing may change what PostgreSQL does, as LC_ALL would.
  const env = process.platform === "win32" ? undefined : ({ ...plainEnvironment, ...options.env } as NodeJS.ProcessEnv);
  return spawn(command!, rest, { ...options, ...runner.ids, cwd: "/", env });
}

const plainEnvironment: Record<string, string> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
};
