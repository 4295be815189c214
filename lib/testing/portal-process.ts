import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "@/lib/cli/run-child";

type Ended = { code: number | null; signal: string | null; stdout: string; stderr: string };

type Start = {
  home: string;
  /** The whole environment, except PATH. */
  env: Record<string, string>;
  input?: string;
  /** A bash line that runs the command as `"$@"`. */
  shell?: string;
};

/** Makes a project directory like this one but without `.data`, so that commands do not touch the developer's data. */
export async function makeHome(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "portal-home-"));
  for (const name of ["lib", "node_modules", "tsconfig.json", "package.json"])
    await symlink(join(root, name), join(path, name));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts an operator's command as npm does. `end` settles when it has ended. */
export function startPortal(
  args: string[],
  { home, env, input = "", shell = 'exec "$@"' }: Start,
): { child: ChildProcess; end: Promise<Ended> } {
  const command = [
    process.execPath,
    "--import",
    "./lib/cli/tsx.mjs",
    "--conditions=react-server",
    "lib/cli/portal.ts",
    ...args,
  ];
  const child = spawn("bash", ["--norc", "-c", `set -o pipefail; ${shell}`, "bash", ...command], {
    cwd: home,
    // The portal does not read NODE_ENV; a type of Next.js requires it.
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", NODE_ENV: "production", ...env },
  });
  child.stdin.on("error", () => {}).end(input);
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const end = new Promise<Ended>((resolve, reject) =>
    child.once("error", reject).once("close", (code, signal) => resolve({ ...said, code, signal })),
  );
  return { child, end };
}

export const runPortal = (args: string[], start: Start): Promise<Ended> => startPortal(args, start).end;
