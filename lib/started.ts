import "server-only";

export type Started = {
  databaseUrl: string;
  /** Ends the email worker, closes the pool and gives the embedded database back. */
  stop(): Promise<void>;
};

type Settling = { promise: Promise<Started>; resolve: (started: Started) => void; reject: (error: unknown) => void };

// instrumentation.ts settles it within the build, and lib/cli/run-server.ts waits for it outside: they share the process.
const shared = globalThis as { portalStarted?: Settling };

/** What lib/start.ts has started, once it has. */
export const started = (): Settling => (shared.portalStarted ??= pending());

function pending(): Settling {
  let [resolve, reject]: Partial<[Settling["resolve"], Settling["reject"]]> = [];
  const promise = new Promise<Started>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve: resolve!, reject: reject! };
}
