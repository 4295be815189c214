import type { Page } from "@playwright/test";
import { findViolations } from "./axe";
import { expect, test } from "./fixtures";
import { lookOf, looks } from "./looks";
import { states } from "./states";

for (const look of looks) {
  const { lang, colorScheme, width } = look;
  const height = width === 320 ? 640 : 900;

  test.describe(`${lang}, ${colorScheme}, ${width} px`, () => {
    test.use({ lang, colorScheme, viewport: { width, height } });

    for (const [name, reach] of Object.entries(states).filter(([state]) => lookOf.get(state) === look)) {
      test(`everybody can use: ${name}`, async ({ page, given }) => {
        await reach(given);
        // No script runs in a sandboxed frame, so axe cannot look into it. lib/mail tests the emails themselves.
        await page.evaluate(() => document.querySelectorAll("iframe[sandbox]").forEach((frame) => frame.remove()));
        const { violations, judged } = await findViolations(page);
        expect(judged, "rules that had something to judge").toBeGreaterThan(10);
        expect(violations).toEqual([]);

        await page.setViewportSize({ width: 320, height: 640 });
        expect(await overflow(page), "px that stand beyond a window of 320").toBeLessThanOrEqual(0);
        if (width !== 320) {
          const narrow = await findViolations(page, ["target-size", "scrollable-region-focusable"]);
          expect(narrow.violations).toEqual([]);
        }

        await page.setViewportSize({ width: 1180, height: 900 });
        await page.evaluate(() => void (document.documentElement.style.fontSize = "200%"));
        expect(await overflow(page), "px that stand beyond the window at twice the text size").toBeLessThanOrEqual(0);
      });
    }
  });
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
