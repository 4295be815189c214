import { spawn, type ChildProcess } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { stopSignal } from "@/lib/cli/stop-signal";
import { makeScratch } from "../scratch";
import { readOptions } from "./options";

/**
 * `npm run bench`: builds a copy of the project with an empty page and a bare route added, and measures that copy.
 * Both are baselines and not part of the product.
 */
const args = process.argv.slice(2);
const root = join(import.meta.dirname, "../..");
const { needsSite } = readOptions(args);
process.exitCode = needsSite ? await inCopy() : await measureIn(root);

async function inCopy(): Promise<number> {
  const copy = await makeScratch("bench", "link");
  try {
    await cp(join(root, "e2e/bench/app"), join(copy.path, "app/bench"), { recursive: true });
    process.stderr.write("building …\n");
    const code = await build(copy.path);
    return code || (await measureIn(copy.path));
  } finally {
    await copy.remove();
  }
}

/** Prints only if the build fails. */
async function build(directory: string): Promise<number> {
  const next = join(directory, "node_modules/next/dist/bin/next");
  let output = "";
  const child = spawn(process.execPath, [next, "build"], {
    cwd: directory,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await endOf(child);
  if (code !== 0 && !stopSignal().aborted) process.stderr.write(output);
  return code;
}

function measureIn(cwd: string): Promise<number> {
  const command = ["--import", "tsx", "--conditions=react-server", "e2e/bench/measure.ts", ...args];
  return endOf(spawn(process.execPath, command, { cwd, stdio: ["ignore", "inherit", "inherit"] }));
}

/** Forwards SIGINT and SIGTERM. @returns the exit code */
async function endOf(child: ChildProcess): Promise<number> {
  const signal = stopSignal();
  const passOn = () => child.kill("SIGTERM");
  signal.addEventListener("abort", passOn);
  if (signal.aborted) passOn();
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  signal.removeEventListener("abort", passOn);
  return signal.aborted ? 130 : (code ?? 1);
}
