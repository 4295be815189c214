import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { databaseUrl } from "@/lib/db/embedded/address";
import { openCluster, superuser } from "@/lib/db/embedded/cluster";
import { hold, releaseHold, type Holder } from "@/lib/db/embedded/holder";

export type AttachOptions = {
  /** DATA_DIR. The cluster is its folder `postgres`, the server's log its file `postgres.log`. */
  dataDir: string;
  /** False only for throw-away clusters, whose data does not survive a crash of the machine. */
  durable?: boolean;
  /** Called when the server was lost, could not be restarted, and is back. */
  report?: (message: string, error?: unknown) => void;
};

export type EmbeddedDatabase = {
  /** A libpq URL for `pg`: the database `portal` as its owner `portal`. It stays the same after a restart. */
  url: string;
  /** The same for the server's superuser. */
  superuserUrl: string;
  /** PGDATA. */
  directory: string;
  /**
   * Releases the database. The last process to release it stops the server. Close the pool before.
   * @param patience milliseconds to wait for another holder to leave first. Use it after ending one: the server notices
   * a moment later that a process is gone.
   */
  release(patience?: number): Promise<void>;
};

/**
 * Attaches to the PostgreSQL of a data directory. It creates the cluster and starts the server if needed. Until the
 * database is released, the first holder to notice restarts a server that ended unexpectedly.
 * @throws Error with the server's own message when it cannot start, or when another major version wrote the data
 */
export async function attachDatabase(options: AttachOptions): Promise<EmbeddedDatabase> {
  const { dataDir, durable = true, report = () => {} } = options;
  const cluster = await openCluster(dataDir);
  const settings = durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
  const first = await hold(cluster, settings);
  let current: Promise<Holder | undefined> = Promise.resolve(first);
  let released: Promise<void> | undefined;

  const watch = (holder: Holder) =>
    void holder.lost.then(() => {
      if (!released) current = holdAgain();
    });

  async function holdAgain(): Promise<Holder | undefined> {
    report("the database was lost");
    while (!released) {
      try {
        const holder = await hold(cluster, settings, first.address);
        watch(holder);
        report("the database is back");
        return holder;
      } catch (error) {
        report("the database cannot be started", error);
        await pause(1_000);
      }
    }
  }

  async function release(patience: number): Promise<void> {
    const holder = await current;
    if (holder) await releaseHold(cluster, holder, patience);
  }

  watch(first);
  return {
    url: databaseUrl(first.address, "portal", "portal"),
    superuserUrl: databaseUrl(first.address, superuser, "postgres"),
    directory: cluster.directory,
    release: (patience = 0) => (released ??= release(patience)),
  };
}
