import { describe, expect, test } from "vitest";
import { lookOf, looks, pageOf, type Look } from "./looks";
import { states } from "./states";

const pairsOf = ({ lang, colorScheme, width }: Look) => [
  `${lang}, ${colorScheme}`,
  `${lang}, ${width} px`,
  `${colorScheme}, ${width} px`,
];

describe("the states of all pages", () => {
  test("each have one look", () => {
    expect([...lookOf.keys()].sort()).toEqual(Object.keys(states).sort());
  });

  test("together cover every pair of language, theme and width", () => {
    const pairs = new Set(looks.flatMap(pairsOf));
    expect(pairs.size).toBe(12);
    expect(new Set([...lookOf.values()].flatMap(pairsOf))).toEqual(pairs);
  });

  const pages = [...new Set([...lookOf.keys()].map(pageOf))];
  const statesOf = (page: string) => [...lookOf].filter(([state]) => pageOf(state) === page);
  test.each(pages.filter((page) => statesOf(page).length > 1))(
    "show %s in both languages, both themes and both widths",
    (page) => {
      const seen = statesOf(page).map(([, look]) => look);
      for (const side of ["lang", "colorScheme", "width"] as const)
        expect(new Set(seen.map((look) => look[side])).size, side).toBe(2);
    },
  );
});
