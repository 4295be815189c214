import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures";
import { states } from "./states";

/** Both languages and both schemes, each state in two of the four. */
const looks = [
  { lang: "en", colorScheme: "light" },
  { lang: "fr", colorScheme: "dark" },
] as const;

for (const { lang, colorScheme } of looks) {
  test.describe(`${lang}, ${colorScheme}`, () => {
    test.use({ lang, colorScheme });

    for (const [name, reach] of Object.entries(states)) {
      test(`can be used by everybody: ${name}`, async ({ page, given }) => {
        await reach(given);
        // A frame in which no script may run cannot be looked into; mails have tests of their own in lib/mail.
        await page.evaluate(() => document.querySelectorAll("iframe[sandbox]").forEach((frame) => frame.remove()));
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(passes.length, "rules that had something to judge").toBeGreaterThan(10);
        expect(violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ html }) => html) }))).toEqual([]);

        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        await page.setViewportSize({ width: 320, height: 640 });
        expect(await overflow(), "nothing stands beyond 320 px").toBeLessThanOrEqual(0);
        const narrow = await new AxeBuilder({ page })
          .withRules(["target-size", "scrollable-region-focusable"])
          .analyze();
        expect(narrow.violations.map(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);

        await page.setViewportSize({ width: 1180, height: 900 });
        await page.evaluate(() => void (document.documentElement.style.fontSize = "200%"));
        expect(await overflow(), "nothing stands beyond the window with text of twice the size").toBeLessThanOrEqual(0);
      });
    }
  });
}
