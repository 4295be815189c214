import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/** A third of the length of `axe.source`: every examined page has to parse it. */
const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Examines the page with axe-core: all rules that are on by default, and target-size (WCAG 2.2, 2.5.8), or only the named
 * ones. Runs in the page itself, so it sees no frame of another origin.
 * @returns each violation with the HTML of its elements, and the number of rules that had something to judge
 */
export async function findViolations(page: Page, rules?: string[]) {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(`${source}; undefined`);
  const options: axe.RunOptions = rules
    ? { runOnly: { type: "rule", values: rules } }
    : { rules: { "target-size": { enabled: true } } };
  const { violations, passes } = await page.evaluate((given) => window.axe!.run(document, given), {
    ...options,
    resultTypes: ["violations"],
  } satisfies axe.RunOptions as axe.RunOptions);
  return {
    violations: violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ html }) => html) })),
    judged: passes.length + violations.length,
  };
}
