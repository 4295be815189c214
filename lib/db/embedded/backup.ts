import "server-only";
import { randomUUID } from "node:crypto";
import { access, chmod, copyFile, link, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Client } from "pg";
import { findBinaries } from "@/lib/db/embedded/binaries";
import { readVersion, placeCluster, type Cluster } from "@/lib/db/embedded/cluster";
import { run } from "@/lib/db/embedded/runner";

/** Folders that a backup has empty: the server fills them anew, or they are copied apart (pg_wal). */
const leftEmpty = new Set([
  ...["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"],
]);
/** Files of the running server, which the restored one must not find. */
const leftOut = /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map|pg_internal\.init.*|pgsql_tmp.*)$/;

const itself = { prefix: [], ids: {}, owner: process.getuid?.() ?? 0 };

/**
 * Writes a consistent backup of a served cluster to `path`, a gzipped tar archive that only its owner may read. People
 * go on meanwhile; what is committed until the last file is copied is in it. It follows "Making a Base Backup Using the
 * Low Level API" of PostgreSQL's manual, and carries the WAL that makes it consistent.
 * @param url of the superuser
 * @throws Error when `path` exists, or when anything could not be copied. Then no file is left behind.
 */
export async function backUp(directory: string, url: string, path: string): Promise<void> {
  const target = resolve(path);
  const draft = await mkdtemp(join(dirname(target), ".portal-backup-"));
  const client = new Client({ connectionString: url });
  try {
    const copy = join(draft, "postgres");
    await mkdir(copy);
    await client.connect();
    // While this session lives, its slot keeps the WAL that the backup needs.
    const slot = `backup_${randomUUID().replaceAll("-", "")}`;
    await client.query("SELECT pg_create_physical_replication_slot($1, true, true)", [slot]);
    await client.query("SELECT pg_backup_start('portal backup', true)");
    await copyTree(directory, copy);
    // Last, so that a restored server never starts from a later checkpoint than its files.
    await copyFile(join(directory, "global", "pg_control"), join(copy, "global", "pg_control"));
    const stopped = await client.query<{ label: string; last: string }>(
      "SELECT labelfile AS label, pg_walfile_name(lsn) AS last FROM pg_backup_stop(false)",
    );
    const { label, last } = stopped.rows[0]!;
    await writeFile(join(copy, "backup_label"), label);
    await copyWal(join(directory, "pg_wal"), join(copy, "pg_wal"), firstSegment(label), last);

    const archive = join(draft, "archive");
    await run(itself, "tar", ["-czf", archive, "-C", copy, "."]);
    await chmod(archive, 0o600);
    // A link never replaces an earlier backup.
    await link(archive, target);
  } finally {
    await client.end();
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Makes the cluster of `dataDir` from a backup. The server replays the backup's WAL when it is started next.
 * @throws Error when there is a cluster already, or when the archive cannot be used. Then nothing is left behind.
 */
export async function restore(path: string, dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const binaries = await findBinaries();
  const home = resolve(dataDir);
  const directory = join(home, "postgres");
  if (await exists(directory)) throw new Error(`${directory} exists already. Restore into another DATA_DIR.`);
  const cluster: Cluster = { home, directory, binaries };
  await placeCluster(cluster, async (draft) => {
    await run(itself, "tar", ["-xzf", resolve(path), "-C", draft, "--no-same-owner"]);
    await chmod(draft, 0o700);
    const major = await readVersion(draft);
    if (major === binaries.major) return;
    throw new Error(
      major === undefined
        ? `${path} is not a backup of a portal.`
        : `${path} is of PostgreSQL ${major}, and this release brings PostgreSQL ${binaries.major}.`,
    );
  });
}

/** Copies the files that are there. A table dropped meanwhile has none left, which its WAL knows. */
async function copyTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true }).catch(missing(() => []))) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(copy, { mode: 0o700 });
      if (!leftEmpty.has(entry.name)) await copyTree(source, copy);
    } else if (entry.isFile() && !leftOut.test(entry.name)) {
      await copyFile(source, copy).catch(missing(() => {}));
    }
  }
}

/** Copies the segments of one timeline from `first` to `last`. Their names are of one length and sort by time. */
async function copyWal(from: string, to: string, first: string, last: string): Promise<void> {
  const names = await readdir(from);
  const needed = names.filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last);
  if (!needed.includes(first) || !needed.includes(last)) throw new Error("The WAL of the backup is gone.");
  for (const name of needed) await copyFile(join(from, name), join(to, name));
}

function firstSegment(label: string): string {
  const [, name] = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$/m.exec(label) ?? [];
  if (!name) throw new Error("PostgreSQL's backup label has no first segment.");
  return name;
}

const missing =
  <T>(instead: () => T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return instead();
    throw error;
  };

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
