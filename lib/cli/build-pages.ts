import "server-only";
import { createHash } from "node:crypto";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Failure } from "@/lib/cli/failure";
import { root, runBuild } from "@/lib/cli/run-child";
import { stopSignal } from "@/lib/cli/stop-signal";

/** The sources of a build. Tests and commands are left out. */
const folders = ["app", "components", "lib", "public"];
const files = [
  "proxy.ts",
  "instrumentation.ts",
  "next.config.js",
  "postcss.config.js",
  "tailwind.config.ts",
  "tsconfig.json",
  "package-lock.json",
];
const isLeftOut = (path: string) => /\.test\.tsx?$|^lib[\\/]cli[\\/]/.test(path);

/** Contains the digest of the sources of the last complete build. Every build empties its directory first. */
const stamp = join(root, ".next/portal-sources");

export const hasBuild = (): Promise<boolean> =>
  access(join(root, ".next/BUILD_ID")).then(
    () => true,
    () => false,
  );

/**
 * Makes the production build, unless one of the current sources exists. It compares contents, because `npm install` and
 * a checkout also change the times of unchanged files.
 * @throws Failure with the build's output when the build fails, or when the process is asked to stop
 */
export async function buildIfChanged(say: (line: string) => void): Promise<void> {
  const digest = await digestOfSources();
  if ((await hasBuild()) && (await readFile(stamp, "utf8").catch(() => "")) === digest) return;

  say("Building the pages. This takes a minute or two, and happens again only after a change.");
  const { code, output } = await runBuild();
  if (stopSignal().aborted) throw new Failure("The build was stopped.");
  if (code !== 0) throw new Failure(`${output.trim()}\n\nThe build failed.`);
  await writeFile(stamp, digest);
}

async function digestOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const paths = [...files, ...(await Promise.all(folders.map(filesIn))).flat()];
  for (const path of paths.filter((path) => !isLeftOut(path)).sort())
    hash.update(`${path}\n`).update(await readFile(join(root, path)));
  return hash.digest("hex");
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}
