import "server-only";
import { isStartedByNpm } from "@/lib/env";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Milliseconds a command has to roll back and give the database back, once it was asked to stop. */
const GRACE = 5_000;

let controller: AbortController | undefined;

/**
 * Aborted, with the signal's name as its reason, when the process is asked to stop (Ctrl-C, `kill`). Asked twice is
 * asked once: the terminal and npm both pass a Ctrl-C on.
 */
export function stopSignal(): AbortSignal {
  if (!controller) {
    controller = new AbortController();
    for (const name of names) process.on(name, () => controller!.abort(name));
    if (isStartedByNpm()) stopWithParent(controller);
  }
  return controller.signal;
}

/** A signal to npm ends the shell between it and this process, which does not pass it on: its end is the request. */
function stopWithParent(controller: AbortController): void {
  const parent = process.ppid;
  const watch = () => {
    if (process.ppid !== parent) controller.abort("SIGTERM");
  };
  setInterval(watch, 250).unref();
}

/**
 * From now on a request to stop ends the process within the grace, whatever it is waiting for.
 * @returns takes that back, for what has a patience of its own
 */
export function stopWithinGrace(): () => void {
  const end = () => void setTimeout(endBySignal, GRACE).unref();
  stopSignal().addEventListener("abort", end);
  return () => stopSignal().removeEventListener("abort", end);
}

/** Ends the process the way an unhandled signal does; also when a thread still waits for a pipe that nobody reads. */
export function endBySignal(): void {
  const name = stopSignal().reason as (typeof names)[number];
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
