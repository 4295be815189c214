import "server-only";
import { spawn, type SpawnOptions } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { stopSignal } from "@/lib/cli/stop-signal";
import { serverEnvironment, type AppMode } from "@/lib/env";

/** The project's directory: the framework, its build and its configuration are there. */
export const root = join(import.meta.dirname, "../..");

/** Milliseconds from a request to stop until the child is ended: what it is answering may take that long. */
const PATIENCE = 30_000;

/**
 * Runs the framework's command as a child until it ends. A request to stop is passed on and waited for.
 * @returns the child's exit code; 0 when it was asked to stop
 */
export async function runNext(
  args: string[],
  { mode, stdio = "inherit", onOutput }: { mode: AppMode } & Pick<SpawnOptions, "stdio"> & OutputListener,
): Promise<number> {
  const next = createRequire(join(root, "package.json")).resolve("next/dist/bin/next");
  // A new process, so that it does not come under this one's module condition.
  const child = spawn(process.execPath, [next, ...args], { cwd: root, stdio, env: serverEnvironment(mode) });
  for (const output of [child.stdout, child.stderr]) output?.setEncoding("utf8").on("data", onOutput ?? (() => {}));

  let impatience: NodeJS.Timeout | undefined;
  const signal = stopSignal();
  const passOn = () => {
    child.kill(signal.reason === "SIGINT" ? "SIGINT" : "SIGTERM");
    impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  };
  signal.addEventListener("abort", passOn);
  if (signal.aborted) passOn();
  try {
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("close", resolve),
    );
    return signal.aborted ? 0 : (code ?? 1);
  } finally {
    clearTimeout(impatience);
    signal.removeEventListener("abort", passOn);
  }
}

type OutputListener = {
  /** With `stdio` "pipe": is given what the child says. */
  onOutput?: (text: string) => void;
};
