import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

it("npm run migration finds no difference between the schema and the newest snapshot", async () => {
  const copy = await mkdtemp(join(tmpdir(), "portal-migrations-"));
  try {
    await cp(join(root, "lib/db/migrations"), copy, { recursive: true });
    const before = await readdir(copy);
    // drizzle-kit takes the output folder relative to the project only.
    const options = ["--dialect", "postgresql", "--schema", "./lib/db/schema/*.ts", "--out", relative(root, copy)];
    const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "migration", "--", ...options], {
      cwd: root,
    });
    expect(stdout).toContain("No schema changes");
    expect(await readdir(copy)).toEqual(before);
  } finally {
    await rm(copy, { recursive: true });
  }
});
