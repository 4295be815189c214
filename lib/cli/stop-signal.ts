import "server-only";
import { isStartedByNpm } from "@/lib/env";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Milliseconds a process has to roll back and give the database back, once it is asked to stop. */
const GRACE = 5_000;

let controller: AbortController | undefined;

/**
 * Aborted when the process is asked to stop (SIGTERM, Ctrl-C), with the signal's name as its reason. A second signal
 * changes nothing: the terminal and npm both pass a Ctrl-C on.
 */
export function stopSignal(): AbortSignal {
  if (!controller) {
    controller = new AbortController();
    for (const name of names) process.on(name, () => controller!.abort(name));
    if (isStartedByNpm()) stopWithParent(controller);
  }
  return controller.signal;
}

/** The shell between npm and this process does not pass a signal on, but it ends: that is taken for the request to stop. */
function stopWithParent(controller: AbortController): void {
  const parent = process.ppid;
  const watch = () => {
    if (process.ppid !== parent) controller.abort("SIGTERM");
  };
  setInterval(watch, 250).unref();
}

/**
 * From now on the process ends at the latest `GRACE` after it is asked to stop, whatever it is waiting for.
 * @returns takes that back, for work with a patience of its own
 */
export function stopWithinGrace(): () => void {
  stopSignal().addEventListener("abort", endSoon);
  return () => stopSignal().removeEventListener("abort", endSoon);
}

/** Ends the process in `GRACE`, unless it has ended by then. */
export function endSoon(): void {
  setTimeout(endBySignal, GRACE).unref();
}

/** Ends the process the way an unhandled signal does; also when a thread still waits for a pipe that nobody reads. */
export function endBySignal(): void {
  const name = (stopSignal().reason as (typeof names)[number] | undefined) ?? "SIGTERM";
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
