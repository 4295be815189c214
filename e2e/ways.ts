import { test } from "./fixtures";
import type { Language } from "./words";

/** How a person may come: in a language, with or without scripts, on a narrow or a wide screen. */
export type Way = { lang: Language; scripts: boolean; width: 320 | 1180 };

const languages: Language[] = ["en", "fr"];

export const allWays: Way[] = languages.flatMap((lang) =>
  [true, false].flatMap((scripts) => ([320, 1180] as const).map((width) => ({ lang, scripts, width }))),
);

/** Both halves of what the answers are made by, on the screens they are likeliest on. */
export const withAndWithoutScripts: Way[] = [
  { lang: "en", scripts: true, width: 1180 },
  { lang: "fr", scripts: false, width: 320 },
];

/** Declares `tests` once for each way. */
export function across(ways: readonly Way[], tests: (way: Way) => void): void {
  for (const way of ways) {
    const { lang, scripts, width } = way;
    test.describe(`${lang}, ${scripts ? "with" : "without"} scripts, ${width} px`, () => {
      test.use({ lang, javaScriptEnabled: scripts, viewport: { width, height: 900 } });
      tests(way);
    });
  }
}
