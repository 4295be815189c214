import { createHash } from "node:crypto";
import { states } from "./states";
import type { Language } from "./words";

/**
 * The conditions in which a page is checked. `width` is the window's, in CSS pixels; 320 is the narrowest of WCAG 2.2,
 * 1.4.10.
 */
export type Look = { lang: Language; colorScheme: "light" | "dark"; width: 1180 | 320 };

/** Every language in every theme at every width. Each second look is the opposite of the one before. */
export const looks: readonly Look[] = [
  { lang: "en", colorScheme: "light", width: 1180 },
  { lang: "fr", colorScheme: "dark", width: 320 },
  { lang: "fr", colorScheme: "light", width: 320 },
  { lang: "en", colorScheme: "dark", width: 1180 },
  { lang: "en", colorScheme: "light", width: 320 },
  { lang: "fr", colorScheme: "dark", width: 1180 },
  { lang: "fr", colorScheme: "light", width: 1180 },
  { lang: "en", colorScheme: "dark", width: 320 },
];

/** The page of a state: `sign-in` for `sign-in, wrong password`. */
export const pageOf = (state: string): string => state.split(",")[0]!;

/**
 * The look in which each state is checked. The states of a page rotate through the looks, from one chosen by the page's
 * name. A new state therefore changes only the looks of later states of its page. looks.test.ts checks the coverage.
 */
export const lookOf: ReadonlyMap<string, Look> = takeTurns(Object.keys(states));

function takeTurns(names: string[]): Map<string, Look> {
  const next = new Map<string, number>();
  return new Map(
    names.map((state) => {
      const page = pageOf(state);
      const turn = next.get(page) ?? 2 * createHash("sha256").update(page).digest().readUInt32BE();
      next.set(page, turn + 1);
      return [state, looks[turn % looks.length]!];
    }),
  );
}
