import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { caseCodeOf, readCaseCode } from "@/lib/licence/refusal";

describe("a case code", () => {
  test("is read in any case, with any hyphen or none, and with the letter O for the digit 0", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.constantFrom("-", "", " ", "–", " - "),
        (lookup, gap) => {
          const code = caseCodeOf(Buffer.from(lookup), "an account", "unknown");
          const typed = ` ${code.replace("-", gap).replaceAll("0", "O").toLowerCase()}\n`;
          expect(readCaseCode(typed)).toBe(code);
        },
      ),
    );
  });

  test.each(["", "7K2M", "7K2M-9XQ", "7K2M-9XQPP", "7K2M-9XQA", "7K2M_9XQP", "22345-6789B-CDFGH-JKMNP-756H8"])(
    "is not %j",
    (typed) => expect(readCaseCode(typed)).toBeNull(),
  );

  test("differs between two accounts and between two reasons, and repeats for the same look-up", () => {
    const lookup = randomBytes(32);
    const code = caseCodeOf(lookup, "one", "unknown");
    expect(caseCodeOf(lookup, "one", "unknown")).toBe(code);
    expect(caseCodeOf(lookup, "two", "unknown")).not.toBe(code);
    expect(caseCodeOf(lookup, "one", "region")).not.toBe(code);
  });
});
