import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mutants } from "./list";

const read = (file: string) => readFileSync(join(import.meta.dirname, "../..", file), "utf8");

it.each(mutants)("the mutant “$name” changes one place and names a test that exists", ({ file, from, to, test }) => {
  expect(read(file).split(from).length - 1, `how often ${file} has the text`).toBe(1);
  expect(to).not.toBe(from);
  expect(read(test.file)).toContain(test.title);
  expect(test.project === "integration").toBe(test.file.endsWith(".integration.test.ts"));
});

it("no two mutants share a name", () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
