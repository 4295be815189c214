import "server-only";
import { isStartedByNpm } from "@/lib/env";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Milliseconds after a stop signal to roll back and to close the database. */
const GRACE = 5_000;

let controller: AbortController | undefined;

/**
 * Aborted when the process receives SIGTERM, SIGINT (Ctrl-C) or SIGHUP, with the signal's name as its reason. A second
 * signal changes nothing, because the terminal and npm both pass on a Ctrl-C.
 */
export function stopSignal(): AbortSignal {
  if (!controller) {
    controller = new AbortController();
    for (const name of names) process.on(name, () => controller!.abort(name));
    if (isStartedByNpm()) stopWithParent(controller);
  }
  return controller.signal;
}

/** The shell between npm and this process passes no signal on, but the signal ends the shell. So stop when it ends. */
function stopWithParent(controller: AbortController): void {
  const parent = process.ppid;
  const watch = () => {
    if (process.ppid !== parent) controller.abort("SIGTERM");
  };
  setInterval(watch, 250).unref();
}

/**
 * From now on, the process ends at most `GRACE` after a stop signal, even if it is still waiting for something.
 * @returns cancels this, for work that has its own time limit
 */
export function stopWithinGrace(): () => void {
  stopSignal().addEventListener("abort", endSoon);
  return () => stopSignal().removeEventListener("abort", endSoon);
}

/** Ends the process after `GRACE` if it is still running then. */
export function endSoon(): void {
  setTimeout(endBySignal, GRACE).unref();
}

/** Ends the process as an unhandled signal would, even while a thread is blocked on a pipe that nobody reads. */
export function endBySignal(): void {
  const name = (stopSignal().reason as (typeof names)[number] | undefined) ?? "SIGTERM";
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
