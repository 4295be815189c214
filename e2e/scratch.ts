import { cp, link, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Directories that each copy creates for itself. */
const leftOut = [".git", ".next", ".data", "test-results", "node_modules"];

export type Scratch = { path: string; remove(): Promise<void> };

/**
 * Copies the project's sources into a new temporary directory, where they may be changed.
 * @param packages `link` hard-links every file of node_modules, because the bundler refuses a link that leaves the
 * project; `symlink` takes no time and is enough for everything else
 */
export async function makeScratch(name: string, packages: "link" | "symlink"): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), `portal-${name}-`));
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    for (const entry of await readdir(root)) {
      if (!leftOut.includes(entry)) await cp(join(root, entry), join(path, entry), { recursive: true });
    }
    const [from, to] = [join(root, "node_modules"), join(path, "node_modules")];
    await (packages === "link" ? linkTree(from, to) : symlink(from, to));
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await linkOrCopy(source, target);
  }
}

/** Hard links fail when the temporary directory is on another file system. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EXDEV") throw error;
    return cp(from, to);
  });
}
