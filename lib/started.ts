import "server-only";

export type Started = {
  databaseUrl: string;
  /** Ends the email worker, closes the pool and stops using the embedded database. */
  stop(): Promise<void>;
};

type Settling = { promise: Promise<Started>; resolve: (started: Started) => void; reject: (error: unknown) => void };

// instrumentation.ts, inside the build, settles it. lib/cli/run-server.ts, outside, waits. They share only
// `globalThis`.
const shared = globalThis as { portalStarted?: Settling };

/** Settles when lib/start.ts has started everything, or has failed. */
export const started = (): Settling => (shared.portalStarted ??= pending());

const stopping = globalThis as { portalStopping?: boolean };

/** From now on the server is not ready. */
export const announceStop = (): void => void (stopping.portalStopping = true);
export const isStopping = (): boolean => stopping.portalStopping === true;

function pending(): Settling {
  let [resolve, reject]: Partial<[Settling["resolve"], Settling["reject"]]> = [];
  const promise = new Promise<Started>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve: resolve!, reject: reject! };
}
