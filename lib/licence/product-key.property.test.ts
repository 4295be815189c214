import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEY_ALPHABET, echoGroups, formatKey, isWellFormedKey, readKey } from "@/lib/licence/product-key";
import { checkWriter } from "@/lib/licence/reed-solomon";

describe("for any key", () => {
  it("every way of writing it is read as that key", () => {
    const junk = fc.string({
      unit: fc.constantFrom(" ", "-", "–", "\u00a0", "\n", ".", "_", "\u200b", "|"),
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        anyKey,
        fc.array(junk, { minLength: 26, maxLength: 26 }),
        fc.array(fc.nat(3)),
        (key, gaps, styles) => {
          const written = [...key].map((symbol, i) => gaps[i] + restyle(symbol, styles[i]));
          expect(readKey(written.join("") + gaps[25])).toEqual({ kind: "productKey", key });
        },
      ),
    );
  });

  it("e unreadable and v wrong characters are corrected, marked and named whenever e + 2v ≤ 5", () => {
    const damage = fc.constantFrom(...[0, 1, 2].flatMap((v) => [0, 1, 2, 3, 4, 5].map((e) => [e, v])));
    const solvable = damage.filter(([e, v]) => e! + v! > 0 && e! + 2 * v! <= 5);
    fc.assert(
      fc.property(anyKey, solvable, places, shifts, (key, [e, v], at, shift) => {
        const unreadable = at.slice(0, e);
        const wrong = at.slice(e!, e! + v!);
        const typed = [...key].map((symbol, p) => {
          if (unreadable.includes(p)) return "?AEILU1é"[shift[p]! % 8]!;
          return wrong.includes(p) ? later(symbol, shift[p]!) : symbol;
        });
        const reading = readKey(typed.join(""));
        // No issued key begins so, and nothing else confirms it.
        if (e! + 2 * v! === 5 && [...unreadable, ...wrong].includes(0) && key[0] !== "2") {
          expect(reading).toMatchObject({ kind: "invalid" });
          return;
        }
        expect(reading).toMatchObject({ kind: "suggestion", key, at: [...unreadable, ...wrong].sort((p, q) => p - q) });
        expect(reading).toHaveProperty("never", [
          ...new Set(typed.map((symbol) => symbol.toUpperCase()).filter((s) => s !== "?" && !KEY_ALPHABET.includes(s))),
        ]);
        const repair = "repair" in reading && reading.repair;
        expect(repair === "guessed").toBe(e! + 2 * v! === 5);
        if (repair !== "guessed") expect(repair === "filled").toBe(v === 0);
      }),
      { numRuns: 1_000 },
    );
  });

  it("three wrong characters are flagged, with no suggestion", () => {
    fc.assert(
      fc.property(anyKey, places, shifts, (key, at, shift) => {
        const typed = [...key].map((symbol, p) => (at.slice(0, 3).includes(p) ? later(symbol, shift[p]!) : symbol));
        expect(readKey(typed.join(""))).toMatchObject({ kind: "invalid", count: 25, never: [] });
      }),
    );
  });

  it("four or five wrong characters never pass, and any suggestion differs from the typed text in at most two", () => {
    fc.assert(
      fc.property(anyKey, fc.constantFrom(4, 5), places, shifts, (key, wrong, at, shift) => {
        const typed = [...key].map((symbol, p) => (at.slice(0, wrong).includes(p) ? later(symbol, shift[p]!) : symbol));
        const reading = readKey(typed.join(""));
        if (reading.kind !== "suggestion") return void expect(reading.kind).toBe("invalid");
        expect(isWellFormedKey(reading.key)).toBe(true);
        expect([...reading.key].filter((symbol, p) => symbol !== typed[p]).length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it("any two different characters swapped are recognised as a swap", () => {
    fc.assert(
      fc.property(anyKey, places, (key, [p, q]) => {
        fc.pre(key[p!] !== key[q!]);
        const typed = [...key].map((symbol, i) => (i === p ? key[q!] : i === q ? key[p!] : symbol)).join("");
        expect(readKey(typed)).toMatchObject({ kind: "suggestion", repair: "swapped", key });
      }),
    );
  });

  it("one missing character is found, unless exhaustive search shows a second key that fits", () => {
    fc.assert(
      fc.property(anyKey, fc.nat(24), (key, p) => {
        const typed = key.slice(0, p) + key.slice(p + 1);
        const possible = new Set<string>();
        for (let place = 0; place <= 24; place++) {
          for (const symbol of KEY_ALPHABET) {
            const candidate = typed.slice(0, place) + symbol + typed.slice(place);
            if (isWellFormedKey(candidate)) possible.add(candidate);
          }
        }
        const reading = readKey(typed);
        if (possible.size > 1) return void expect(reading).toMatchObject({ kind: "invalid", reason: "tooShort" });
        expect(reading).toMatchObject({ kind: "suggestion", repair: "missing", key });
        const [place] = (reading as { at: number[] }).at;
        expect(key.slice(0, place) + key.slice(place! + 1)).toBe(typed);
      }),
    );
  });

  it("one surplus character is found, unless exhaustive search shows a second key that fits", () => {
    fc.assert(
      fc.property(anyKey, fc.nat(25), fc.constantFrom(...KEY_ALPHABET, "A", "?"), (key, p, symbol) => {
        const typed = key.slice(0, p) + symbol + key.slice(p);
        const possible = new Set<string>();
        for (let place = 0; place <= 25; place++) {
          const candidate = typed.slice(0, place) + typed.slice(place + 1);
          if (isWellFormedKey(candidate)) possible.add(candidate);
        }
        const reading = readKey(typed);
        // An unreadable surplus character can also stand for one of the key. That is rare, and never guessed.
        if (reading.kind !== "suggestion") {
          return void expect(possible.size > 1 || !KEY_ALPHABET.includes(symbol), typed).toBe(true);
        }
        expect(reading).toMatchObject({ repair: "extra", key, at: [] });
        const { typedAt } = reading as { typedAt: number };
        expect(typed.slice(0, typedAt) + typed.slice(typedAt + 1)).toBe(key);
      }),
    );
  });

  it("it is found in an email of any words around it, and its damaged copies are not", () => {
    const words = fc.lorem({ maxCount: 40 }).map((text) => `${text}. `);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(words, anyKey, fc.boolean()), { minLength: 1, maxLength: 4 }),
        words,
        (parts, end) => {
          const mail = parts.map(([before, key, whole]) => before + formatKey(whole ? key : damaged(key))).join("\n");
          const whole = parts.filter(([, , whole]) => whole).map(([, key]) => key);
          const reading = readKey(`${mail}\n${end}`);
          expect(reading.kind === "found" ? reading.keys : []).toEqual([...new Set(whole)]);
        },
      ),
    );
  });
});

describe("for any text at all", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(..."023456789BCDFGHJKMNPQRSTVWXYZaeilo1?- "), maxLength: 60 }),
  );

  it("every suggested key is well-formed, with positions inside it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const reading = readKey(text);
        const keys = "keys" in reading ? reading.keys : "key" in reading ? [reading.key] : [];
        for (const key of keys) expect(isWellFormedKey(key)).toBe(true);
        if ("at" in reading) for (const p of reading.at) expect(p >= 0 && p < 25).toBe(true);
        if ("count" in reading) expect(reading.count).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it("the echo has five groups of up to five single symbols, and loses none", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { groups, extra } = echoGroups(text);
        const reading = readKey(text);
        expect(groups.length).toBe(5);
        for (const [i, group] of groups.entries()) {
          expect(group.length).toBeLessThanOrEqual(5);
          if (i > 0 && group.length > 0) expect(groups[i - 1]!.length).toBe(5);
          for (const cell of group) expect([...cell.symbol].length).toBe(1);
        }
        if ("count" in reading) expect(groups.flat().length + extra).toBe(reading.count);
      }),
      { numRuns: 500 },
    );
  });
});

const writeChecks = checkWriter(5);

/** Every well-formed key, of any type, is one of these. */
const anyKey = fc
  .tuple(fc.integer({ min: 1, max: 28 }), fc.array(fc.nat(28), { minLength: 19, maxLength: 19 }))
  .map(([type, random]) => {
    const word = Uint8Array.from([type, ...random, 0, 0, 0, 0, 0]);
    writeChecks(word);
    return Array.from(word, (value) => KEY_ALPHABET[value]).join("");
  });

const places = fc.shuffledSubarray([...Array(25).keys()], { minLength: 5, maxLength: 5 });
const shifts = fc.array(fc.nat(), { minLength: 25, maxLength: 25 });

/** Another symbol than this one, chosen by the shift. */
function later(symbol: string, shift: number): string {
  return KEY_ALPHABET[(KEY_ALPHABET.indexOf(symbol) + 1 + (shift % 28)) % 29]!;
}

function damaged(key: string): string {
  return key.slice(0, 7) + later(key[7]!, 3) + key.slice(8);
}

function restyle(symbol: string, style = 0): string {
  if (style === 1) return symbol.toLowerCase();
  if (style === 2) return String.fromCodePoint(symbol.codePointAt(0)! + 0xfee0);
  return style === 3 && symbol === "0" ? "o" : symbol;
}
