import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenIndex, passphrases } from "@/lib/account/password/passphrase";
import { passwordFault } from "@/lib/account/password/password-quality";
import { locales } from "@/lib/messages/locale";

const random = (into: Uint32Array<ArrayBuffer>) => crypto.getRandomValues(into);

describe.each(locales)("a suggested passphrase in %s", (locale) => {
  it("is five words in plain letters, and every password rule accepts it for anybody", async () => {
    const make = await passphrases(locale);
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.emailAddress(), (name, email) => {
        const phrase = make(random);
        expect(phrase).toMatch(/^[a-z]{3,8}(-[a-z]{3,8}){4}$/);
        expect(passwordFault(phrase, { name, email })).toBeNull();
      }),
    );
  });

  it("is strong even for somebody whose name is two of its five words", async () => {
    const make = await passphrases(locale);
    for (let time = 0; time < 50; time++) {
      const phrase = make(random);
      const [first, second] = phrase.split("-");
      expect(passwordFault(phrase, { name: `${first} ${second}`, email: "ann@example.org" })).toBeNull();
    }
  });

  it("has at least 53 bits of entropy", async () => {
    const make = await passphrases(locale);
    const words = new Set<string>();
    // Return each index in turn: the generator asks for five at a time.
    let next = 0;
    for (let time = 0; time < 500; time++)
      for (const word of make((into) => (into[0] = next++)).split("-")) words.add(word);
    expect(5 * Math.log2(words.size)).toBeGreaterThanOrEqual(53);
  });
});

describe("an even index", () => {
  const drawing = (...numbers: number[]) => {
    const left = [...numbers];
    return { left, draw: (into: Uint32Array<ArrayBuffer>) => (into[0] = left.shift()!) };
  };

  it("rejects draws that would favour small values", () => {
    const fair = 2 ** 32 - (2 ** 32 % 1682);
    const { left, draw } = drawing(2 ** 32 - 1, fair, 1683, 7);
    expect(evenIndex(1682, draw)).toBe(1);
    expect(left).toEqual([7]);
    expect(evenIndex(1682, drawing(fair - 1).draw)).toBe(1681);
  });

  it("gives each value equally often, for any number of values", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (count, drawn) => {
        const fair = 2 ** 32 - (2 ** 32 % count);
        const { left, draw } = drawing(drawn, 0);
        expect(evenIndex(count, draw)).toBe(drawn < fair ? drawn % count : 0);
        expect(left).toHaveLength(drawn < fair ? 1 : 0);
        expect(fair % count).toBe(0);
      }),
    );
  });
});
