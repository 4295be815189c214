import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { states } from "./states";

/** Ordinary words of the page that stand on two lines. A longer word, an address and a key may break. */
const brokenWords = (page: Page) =>
  page.evaluate(() => {
    const broken: string[] = [];
    const walker = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement!.closest("code, option, [translate=no], .sr-only")) continue;
      for (const { index, 0: word } of node.textContent!.matchAll(/(?<![\w@./-])\p{L}{2,8}(?![\w@./-])/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) broken.push(word);
      }
    }
    return broken;
  });

const enlarged = [
  "setup",
  "key, swapped",
  "review, start",
  "done",
  "my subscription",
  "account",
  "device",
  "dispute",
] as const;

for (const lang of ["en", "fr"] as const) {
  test.describe(lang, () => {
    // A phone of 390 px whose page is enlarged to 200 % (WCAG 2.2, 1.4.4).
    test.use({ lang, viewport: { width: 195, height: 422 } });

    test("no word is broken on a phone when its page is enlarged to 200 %", async ({ page, given, context }) => {
      for (const state of enlarged) {
        await context.clearCookies();
        await states[state]!(given);
        expect(await brokenWords(page), state).toEqual([]);
      }
    });
  });
}
