import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "migrations");

/** Up to this one, no two builds were meant to run at once. */
const LAST_FREE = 10;

/** What a build that is still running could miss, or could not write any more. */
const destructive =
  /\b(DROP (TABLE|COLUMN|SCHEMA)|RENAME|SET DATA TYPE|SET NOT NULL|TRUNCATE (TABLE )?"?\w+|DELETE FROM)\b/i;

/** The statements of a migration that remove something without a line above them that says since when nothing reads it. */
const removals = (sql: string): string[] =>
  sql
    .split("--> statement-breakpoint")
    .map((statement) => statement.trim())
    .filter((statement) => destructive.test(statement) && !/^-- Not read since \d+\.\d+\.\d+/m.test(statement));

describe("a migration leaves the previous build working (R32)", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql") && Number(name.slice(0, 4)) > LAST_FREE);

  it.each(names)("%s removes nothing that it still reads", (name) => {
    expect(removals(readFileSync(join(folder, name), "utf8"))).toEqual([]);
  });

  it.each([
    'ALTER TABLE "account" DROP COLUMN "name";',
    'ALTER TABLE "account" RENAME COLUMN "name" TO "full_name";',
    'ALTER TABLE "account" ALTER COLUMN "name" SET NOT NULL;',
    "DROP TABLE mail;",
    "TRUNCATE mail;",
    'truncate table "mail";',
  ])("this check refuses %s, unless it says since when nothing reads it", (statement) => {
    const added = 'ALTER TABLE "account" ADD COLUMN "title" text;';
    expect(removals(`${added}--> statement-breakpoint\n${statement}`)).toEqual([statement]);
    expect(removals(`-- Not read since 0.2.0.\n${statement}`)).toEqual([]);
    expect(removals(added)).toEqual([]);
  });
});
