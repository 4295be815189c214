import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  KEY_ALPHABET,
  issuePartnerCode,
  issueProductKey,
  isWellFormedKey,
  isWellFormedPartnerCode,
} from "@/lib/licence/product-key";

/** The random symbols of an issued key: those between the type and the check group. */
const kinds = [
  { name: "keys", issue: issueProductKey, wellFormed: isWellFormedKey, type: "2", length: 25, random: 19 },
  {
    name: "partner codes",
    issue: issuePartnerCode,
    wellFormed: isWellFormedPartnerCode,
    type: "3",
    length: 15,
    random: 11,
  },
];

describe.each(kinds)("issued $name", ({ issue, wellFormed, type, length, random }) => {
  it("are well-formed, of their type, and never repeated", () => {
    const issued = Array.from({ length: 20_000 }, () => issue(randomBytes));
    expect(issued.every((key) => key.length === length && key[0] === type && wellFormed(key))).toBe(true);
    expect(new Set(issued).size).toBe(issued.length);
  });

  it("favour no symbol: at each place every symbol comes from exactly 8 of the 256 bytes, and 24 bytes are redrawn", () => {
    for (let place = 0; place < random; place++) {
      const counts = new Map<string, number>();
      for (let byte = 0; byte < 256; byte++) {
        // The bytes around it are easy to tell apart: 0, then 1 where the tested byte was refused.
        const key = issue(source([...Array<number>(place).fill(0), byte, byte % 29 === 1 ? 2 : 1]));
        const next = byte % 29 === 1 ? "3" : "2";
        const refused = byte >= 232;
        expect(key.slice(1, 1 + place)).toBe("0".repeat(place));
        expect(key[1 + place]).toBe(refused ? next : KEY_ALPHABET[byte % 29]);
        if (refused) continue;
        if (place + 1 < random) expect(key[2 + place]).toBe(next);
        counts.set(key[1 + place]!, (counts.get(key[1 + place]!) ?? 0) + 1);
      }
      expect([...counts.values()]).toEqual(Array(29).fill(8));
    }
  });

  it("never use a random byte twice, however many are refused", () => {
    let drawn = 0;
    const key = issue((n) => Uint8Array.from({ length: n }, () => (drawn++ % 2 === 0 ? 255 : ((drawn - 1) / 2) % 232)));
    expect(key.slice(1, 1 + random)).toBe(KEY_ALPHABET.slice(0, random));
  });

  it("are uniform at every place, and between neighbours (chi-square, fixed seed) (S26)", () => {
    const next = seeded(20261123);
    const bytes = (n: number) => Uint8Array.from({ length: n }, () => next() >>> 24);
    const runs = 29 * 600;
    const singles = Array.from({ length: length - 1 }, () => new Float64Array(29));
    const pairs = new Float64Array(29 * 29);
    for (let i = 0; i < runs; i++) {
      const values = [...issue(bytes)].map((symbol) => KEY_ALPHABET.indexOf(symbol));
      for (let p = 1; p < length; p++) singles[p - 1]![values[p]!]!++;
      for (let p = 1; p < random; p++) pairs[values[p]! * 29 + values[p + 1]!]!++;
    }
    // 99.99 % points of chi-square: 66.2 with 28 degrees of freedom, 1,003 with 840. Check symbols are uniform too.
    for (const counts of singles) expect(chiSquare(counts)).toBeLessThan(66.2);
    expect(chiSquare(pairs)).toBeLessThan(1_003);
  });
});

/** These bytes, then zeros. */
function source(bytes: number[]): (n: number) => Uint8Array {
  let given = 0;
  return (n) => Uint8Array.from({ length: n }, () => bytes[given++] ?? 0);
}

/** 32-bit outputs of Marsaglia's xorshift. */
function seeded(state: number): () => number {
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

function chiSquare(counts: Float64Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
