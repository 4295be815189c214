import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";

/** Ids of promises: S for security, R for reliability. */
const idPattern = /\b[SR]\d{2}\b/g;

const read = (file: string) => readFileSync(file, "utf8");

/** The files that people write, but for the table itself. */
const written = [
  ...globSync("{app,components,e2e,lib}/**/*.{ts,tsx,js,css,json,sql}", {
    exclude: ["lib/db/migrations/meta/**"],
  }),
  ...globSync("*.{ts,js,md}"),
].filter((file) => file !== "SECURITY.md" && !file.endsWith(".d.ts") && statSync(file).isFile());

/** id → the files that its row in SECURITY.md names. */
const table = new Map(
  [...read("SECURITY.md").matchAll(/^\| ([SR]\d{2}) +\|[^|]+\|([^|]+)\|$/gm)].map(([, id, files]) => [
    id!,
    [...files!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!),
  ]),
);

test("SECURITY.md explains every id that the project uses", () => {
  const unexplained = written.flatMap((file) =>
    [...read(file).matchAll(idPattern)].filter(([id]) => !table.has(id)).map(([id]) => `${id} in ${file}`),
  );
  expect(unexplained).toEqual([]);
});

test("every file that SECURITY.md names for an id exists, is a test and mentions the id", () => {
  const wrong = [...table].flatMap(([id, files]) =>
    files.length === 0
      ? [`${id} names no file`]
      : files
          .filter((file) => !/\.(test|journey)\.ts$/.test(file) || !existsSync(file) || !read(file).includes(id))
          .map((file) => `${id}: ${file}`),
  );
  expect(wrong).toEqual([]);
});
