import "server-only";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { stopSignal } from "@/lib/cli/stop-signal";
import { buildEnvironment } from "@/lib/env";

/** The project's directory. It contains Next.js, its build and its configuration. */
export const root = join(import.meta.dirname, "../..");

/**
 * Runs `next build` as a child process. It passes a stop signal on, and always waits for the child to end.
 * @returns the exit code and everything the build wrote
 */
export async function runBuild(): Promise<{ code: number; output: string }> {
  const next = createRequire(join(root, "package.json")).resolve("next/dist/bin/next");
  // A new process, because this one runs with the module condition `react-server`, which the build must not have.
  const child = spawn(process.execPath, [next, "build"], { cwd: root, env: buildEnvironment() });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));

  const signal = stopSignal();
  const passOn = () => child.kill(signal.reason === "SIGINT" ? "SIGINT" : "SIGTERM");
  signal.addEventListener("abort", passOn);
  if (signal.aborted) passOn();
  try {
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("close", resolve),
    );
    return { code: code ?? 1, output };
  } finally {
    signal.removeEventListener("abort", passOn);
  }
}
