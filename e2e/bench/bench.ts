import { spawn } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stopSignal } from "@/lib/cli/stop-signal";
import { makeScratch } from "../scratch";
import { readOptions } from "./options";

/**
 * `npm run bench`: builds a copy of the project with an empty page and a bare route in it, and measures in that copy.
 * Both are floors, and no part of the product.
 */
const args = process.argv.slice(2);
const root = join(import.meta.dirname, "../..");
const { needsSite } = readOptions(args);
process.exitCode = needsSite ? await inCopy() : await measureIn(root);

async function inCopy(): Promise<number> {
  const copy = await makeScratch("bench", "link");
  try {
    await mkdir(join(copy.path, "app/bench"));
    await cp(join(root, "e2e/bench/app"), join(copy.path, "app/bench"), { recursive: true });
    process.stderr.write("building …\n");
    const build = [join(copy.path, "node_modules/next/dist/bin/next"), "build"];
    const code = await run(build, copy.path, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
    return code || (await measureIn(copy.path));
  } finally {
    await copy.remove();
  }
}

function measureIn(directory: string): Promise<number> {
  return run(["--import", "tsx", "--conditions=react-server", "e2e/bench/measure.ts", ...args], directory, {});
}

/** Runs a Node program to its end; a request to stop is passed on. @returns its exit code */
async function run(args: string[], cwd: string, env: Record<string, string>): Promise<number> {
  const signal = stopSignal();
  if (signal.aborted) return 130;
  // Results go to standard output, a build's do not.
  const output = args.includes("build") ? process.stderr : "inherit";
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ["ignore", output, "inherit"],
    env: { ...process.env, ...env },
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  return signal.aborted ? 130 : (code ?? 1);
}
