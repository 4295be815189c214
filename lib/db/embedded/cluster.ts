import "server-only";
import { randomBytes, randomInt } from "node:crypto";
import { mkdir, mkdtemp, open, readFile, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loopbackFile, type Address } from "@/lib/db/embedded/address";
import { findBinaries, type Binaries } from "@/lib/db/embedded/binaries";
import { chooseRunner, giveTo, run } from "@/lib/db/embedded/runner";

/** A cluster on disk: `home` is the real path of DATA_DIR, `directory` what PostgreSQL calls PGDATA. */
export type Cluster = { home: string; directory: string; binaries: Binaries };

/**
 * The server's superuser, for the supervisor. The portal itself connects as `portal`, the owner of the database
 * `portal`.
 */
export const superuser = "postgres";

const draftPrefix = "postgres.new-";

/**
 * Opens the cluster in `dataDir`/postgres, and creates it when there is none. It is built elsewhere and then renamed,
 * so it is complete or absent, even when processes start at once or one is killed.
 * @throws Error when another major version wrote it, or when the directory cannot be used
 */
export async function openCluster(dataDir: string): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const home = await realpath(dataDir);
  const cluster = { home, directory: join(home, "postgres"), binaries: await findBinaries() };
  if (!(await readVersion(cluster.directory))) await createCluster(cluster);
  const version = await readVersion(cluster.directory);
  if (version !== cluster.binaries.major) {
    throw new Error(
      `${cluster.directory} was written by PostgreSQL ${version}, and this release brings PostgreSQL ` +
        `${cluster.binaries.major}, which cannot read it. Go back to the release that wrote it and move its contents ` +
        "over with pg_dump, or set DATA_DIR to an empty directory.",
    );
  }
  return cluster;
}

/** Removes the remains of a killed `createCluster`. One that is still running then uses the existing cluster. */
export async function removeDrafts({ home }: Cluster): Promise<void> {
  const drafts = (await readdir(home)).filter((name) => name.startsWith(draftPrefix));
  await Promise.all(drafts.map((name) => rm(join(home, name), { recursive: true, force: true }).catch(() => {})));
}

async function createCluster(cluster: Cluster): Promise<void> {
  const { home, binaries } = cluster;
  const runner = await chooseRunner(binaries.postgres, home);
  await placeCluster(cluster, async (draft) => {
    await giveTo(runner, draft);
    // The builtin locale sorts and folds case alike on every machine, whatever locales and ICU it has.
    const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    await run(runner, binaries.initdb, ["-D", draft, "-U", superuser, "--encoding=UTF8", "--auth=trust", ...locale]);
    const password = process.platform === "win32" ? await guardLoopback(draft) : undefined;
    const login = password === undefined ? "LOGIN" : `LOGIN PASSWORD '${password}'`;
    const statements = [
      `ALTER ROLE ${superuser} ${login}`,
      `CREATE ROLE portal ${login}`,
      "CREATE DATABASE portal OWNER portal",
    ];
    const alone = ["--single", "-c", "exit_on_error=true", "-c", "log_min_messages=fatal", "-D", draft, "postgres"];
    await run(runner, binaries.postgres, alone, statements.join("\n"));
  }).catch(async (error: unknown) => {
    // Another process was faster. A rename never replaces its cluster.
    if (!(await readVersion(cluster.directory))) throw error;
  });
}

/**
 * Lets `fill` make a cluster in an empty directory, and gives it its name. It is complete or absent.
 * @throws Error of `fill`, or when there is a cluster already. Then nothing is left behind.
 */
export async function placeCluster(
  { home, directory }: Cluster,
  fill: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = await mkdtemp(join(home, draftPrefix));
  try {
    await fill(draft);
    await rename(draft, directory);
    await syncDirectory(home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Requires a password on the cluster's loopback port, and stores port and password inside the cluster. */
async function guardLoopback(draft: string): Promise<string> {
  const password = randomBytes(24).toString("hex");
  const address: Address = { host: "127.0.0.1", port: randomInt(20_000, 40_000), password };
  await writeFile(loopbackFile(draft), JSON.stringify(address), { mode: 0o600 });
  await writeFile(join(draft, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
  return password;
}

/** The major version that wrote a cluster's files. Undefined when there are none. */
export async function readVersion(directory: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(directory, "PG_VERSION"), "utf8"), 10);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "EACCES") throw error;
    throw new Error(
      `${directory} belongs to another user. Start as that user, or set DATA_DIR to a directory of your own.`,
      { cause: error },
    );
  }
}

/** Makes a rename within `directory` survive a power cut. Windows cannot do this and does not need it. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  await handle.sync().finally(() => handle.close());
}
