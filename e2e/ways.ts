import { test } from "./fixtures";
import type { Language } from "./words";

/** The conditions of a visit: language, scripts, and a narrow or wide screen. */
export type Way = { lang: Language; scripts: boolean; width: 320 | 1180 };

/** With and without JavaScript, each on its most likely screen. */
export const withAndWithoutScripts: Way[] = [
  { lang: "en", scripts: true, width: 1180 },
  { lang: "fr", scripts: false, width: 320 },
];

/** Every two conditions meet in one of these. */
export const everyPair: Way[] = [
  { lang: "en", scripts: true, width: 1180 },
  { lang: "en", scripts: false, width: 320 },
  { lang: "fr", scripts: true, width: 320 },
  { lang: "fr", scripts: false, width: 1180 },
];

/** Declares `tests` for each way. */
export function across(ways: readonly Way[], tests: (way: Way) => void): void {
  for (const way of ways) {
    const { lang, scripts, width } = way;
    test.describe(`${lang}, ${scripts ? "with" : "without"} scripts, ${width} px`, () => {
      test.use({ lang, javaScriptEnabled: scripts, viewport: { width, height: 900 } });
      tests(way);
    });
  }
}
