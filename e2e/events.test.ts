import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventActions } from "@/lib/db/events";

const root = join(import.meta.dirname, "..");

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(root, folder, name));
}

const isTest = (file: string) => /\.(test|journey)\.ts$/.test(file);
const listed = [join(root, "lib/db/events.ts"), import.meta.filename];
const files = ["app", "lib", "e2e"].flatMap(sourcesIn).filter((file) => !listed.includes(file));
const read = (wanted: string[]) => wanted.map((file) => readFileSync(file, "utf8")).join("\n");
const tests = read(files.filter(isTest));
const program = read(files.filter((file) => !isTest(file) && !file.includes("/e2e/")));

it.each(eventActions)("the program records %s, and a test expects it (S39)", (action) => {
  // A mention in a list of actions does not count as recording it.
  expect(program).toContain(`action: "${action}"`);
  expect(tests).toContain(`"${action}"`);
});
