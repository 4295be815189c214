import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskKeys } from "@/lib/licence/mask-keys";
import { formatKey, issuePartnerCode, issueProductKey, readKey } from "@/lib/licence/product-key";

/** Keys and codes from arbitrary bytes. Bytes that issuing discards are left out, so that it ends. */
const bytes = fc.array(fc.nat(231), { minLength: 25, maxLength: 25 }).map((list) => Uint8Array.from(list));
const anyKey = bytes.map((random) => issueProductKey(() => random));
const anyCode = bytes.map((random) => issuePartnerCode(() => random));

/** Text of a receipt, with words that touch the key. */
const around = fc.string({
  unit: fc.constantFrom(..."TOTAL 29,99 € Boutique n° 75011\n\t:-–#é😀㋿ﬀ"),
  maxLength: 40,
});

const gap = fc.constantFrom("", "-", " ", " - ", "–", "\n", "\u00a0", "&nbsp;", "%2D", "\u200b");

/** A text as printed in groups, with any gaps, in capitals, small or full-width letters. */
const spelled = (canonical: string) =>
  fc
    .tuple(fc.array(gap, { minLength: 5, maxLength: 5 }), fc.constantFrom("capital", "small", "wide"))
    .map(([gaps, style]) => {
      const groups = formatKey(canonical).split("-");
      const text = groups.map((group, at) => styled(group, style) + (at < groups.length - 1 ? gaps[at] : "")).join("");
      return text;
    });

const styled = (group: string, style: string) =>
  style === "small"
    ? group.toLowerCase()
    : style === "wide"
      ? [...group].map((symbol) => String.fromCodePoint(symbol.codePointAt(0)! + 0xfee0)).join("")
      : group;

const symbolsOf = (text: string) =>
  text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{Nd}]/gu, "");

/** Whether a text still leads to a key: one that it spells, holds or nearly spells. */
const leadsToKey = (text: string) => !["empty", "invalid"].includes(readKey(text).kind);

describe("masking the keys in a pasted receipt", () => {
  it("leaves only the last group of a product key, however it is spelled and whatever touches it", () => {
    fc.assert(
      fc.property(
        around,
        anyKey.chain((key) => fc.tuple(fc.constant(key), spelled(key))),
        around,
        (before, [key, text], after) => {
          const masked = maskKeys(before + text + after);
          expect(leadsToKey(masked), masked).toBe(false);
          expect(symbolsOf(masked)).not.toContain(key.slice(0, 20));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("leaves only the last group of a partner code, and of two keys in one text", () => {
    fc.assert(
      fc.property(
        anyKey,
        anyCode.chain((code) => fc.tuple(fc.constant(code), spelled(code))),
        anyKey,
        around,
        (first, [code, text], second, between) => {
          const masked = maskKeys(`${formatKey(first)} ${between} ${text} ${between} ${second}`);
          for (const secret of [first.slice(0, 20), code.slice(0, 10), second.slice(0, 20)])
            expect(symbolsOf(masked)).not.toContain(secret);
          expect(leadsToKey(masked)).toBe(false);
        },
      ),
    );
  });

  it("masks a mistyped key too, from which the right one could be worked out", () => {
    for (const text of [
      "22354-6789B-CDFGH-JKMNP-756H8",
      "Product key: 22354-6789B-CDFGH-JKMNP-756H8",
      "Bought on 1 March, key 22345 6D89B CDFGH JKMNZ 756H8, thank you",
      "2234-56789-BCDFG-HJKMN-P756H",
      "22345ß6789BßCDFGHßJKMNPß756H8",
    ]) {
      const masked = maskKeys(text);
      expect(leadsToKey(masked), masked).toBe(false);
      expect(masked).not.toMatch(/6789B|6D89B|56789/);
    }
    expect(maskKeys("Key 22345-6789B-CDFGH-JKMNP-756H8.")).toBe("Key •••••-•••••-•••••-•••••-756H8.");
  });

  it.each([
    ["in one piece", "The key 223546789BCDFGHJKMNP756H8 was on the card"],
    ["in one piece, a symbol short", "The key 22354678BCDFGHJKMNP756H8 was on the card"],
    ["on lines", "Key\n22354\n6789B\nCDFGH\nJKMNP\n756H8\nThank you"],
    ["with wide gaps", "Key 22354  -  6789B  -  CDFGH  -  JKMNP  -  756H8, thank you"],
    ["letter by letter", "Key 2 2 3 5 4 6 7 8 9 B C D F G H J K M N P 7 5 6 H 8, thank you"],
    ["four groups, of which the last one is in its own field", "The card says 22345-6789B-CDFGH-JKMNP and so on"],
  ])("masks a mistyped key or its beginning %s", (_how, text) => {
    expect(symbolsOf(maskKeys(text))).not.toMatch(/6789B|678BC|CDFGH|JKMNP/);
    expect(leadsToKey(maskKeys(text))).toBe(false);
  });

  it("leaves a receipt's long numbers and words as they are", () => {
    for (const text of [
      "Transaction 12345678901234567890",
      "IBAN DE89 3704 0044 0532 0130 00",
      "EAN 40123 45000 11234 55678",
      "Die Geschwindigkeitsbegrenzungen",
    ])
      expect(maskKeys(text)).toBe(text);
  });

  it("changes nothing else, makes no text longer, and is done after one pass", () => {
    const receipt =
      "Électro Dépôt, Lille\n31/03/2026 14:05  Ticket 0042 001 3317\nNorton 360 Deluxe   34,99 €\nMerci et à bientôt";
    expect(maskKeys(receipt)).toBe(receipt);
    fc.assert(
      fc.property(around, anyKey, around, (before, key, after) => {
        const text = before + key + after;
        const masked = maskKeys(text);
        expect(masked.length).toBeLessThanOrEqual(text.length);
        expect(maskKeys(masked)).toBe(masked);
      }),
    );
  });
});
