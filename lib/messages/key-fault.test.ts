import { describe, expect, test } from "vitest";
import { readKey } from "@/lib/licence/product-key";
import en from "./en.json";
import fr from "./fr.json";
import { keyFault } from "./key-fault";

const inEnglish = (typed: string) => keyFault(readKey(typed), en.key.answer, "en");
const inFrench = (typed: string) => keyFault(readKey(typed), fr.key.answer, "fr");

describe("the error message for a submitted key", () => {
  test("a well-formed key and a partner code have no error", () => {
    expect(inEnglish("22345-6789B-CDFGH-JKMNP-756H8")).toBeNull();
    expect(inEnglish("32345-6789B-CDHD8")).toBeNull();
  });

  test("an empty field asks for the key", () => {
    expect(inEnglish(" - ")).toBe("Enter the product key.");
  });

  test("a key that is too short gives the number of characters", () => {
    expect(inEnglish("22345-6789B-CDFGH")).toContain("You have entered 15 so far.");
    expect(inFrench("22345-6789B-CDFGH")).toMatch(/Vous en avez saisi 15\s/);
  });

  test("characters that occur in no key are named, in the singular or plural", () => {
    expect(inEnglish("2234L")).toMatch(/ L never occurs in a product key: .* in its place\.$/);
    expect(inEnglish("22LI4 E")).toMatch(/ L, I and E never occur in a product key: .* in their place\.$/);
    expect(inFrench("22LI4 E")).toMatch(/ L, I et E ne figurent jamais /);
  });

  test("a text full of foreign letters names only the first six", () => {
    expect(inEnglish("АБВГДЖЗИЙКЛМНПРСТУФХ")).toMatch(/ А, Б, В, Г, Д and Ж never occur /);
  });

  test("a serial number is recognised, without advice on its characters", () => {
    expect(inEnglish("SN 1406381133931")).toBe(en.key.answer.invalid.notAKey);
  });

  test("a text with a single key has no error", () => {
    expect(inEnglish("Thank you! Your key: 22345-6789B-CDFGH-JKMNP-756H8. Enjoy it.")).toBeNull();
  });

  test("a typing error points to the correction, and several keys to a choice", () => {
    expect(inEnglish("22354-6789B-CDFGH-JKMNP-756H8")).toBe(en.key.answer.confirmSuggestion);
    expect(inEnglish("22345-6789B-CDFGH-JKMNP-756H8 or 2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ")).toBe(en.key.answer.chooseFound);
  });
});
