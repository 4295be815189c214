import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

type Entry = Partial<Record<"dependencies" | "optionalDependencies", Record<string, string>>>;

const text = readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8");
const { packages } = JSON.parse(text) as { packages: Record<string, Entry> };

/** Whether a package that stands at `from` finds `name` there or in a folder above. */
function finds(from: string, name: string): boolean {
  const parents = from.split("/node_modules/");
  return (
    parents.some((_, index) => {
      const folder = parents.slice(0, parents.length - index).join("/node_modules/");
      return `${folder ? `${folder}/` : ""}node_modules/${name}` in packages;
    }) || `node_modules/${name}` in packages
  );
}

test("the lock file has every package of every platform, so that npm ci installs on all of them", () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !finds(path, name))
      .map((name) => `${name} of ${path || "the project"}`),
  );
  expect(missing).toEqual([]);
});
