import { describe, expect, test } from "vitest";
import { decode, keysIn } from "@/lib/cli/read-keys";

const one = "223456789BCDFGHJKMNP756H8";
const two = "2ZYXWVTSRQPNMKJHGFDCNH4KQ";

describe("keys an operator gives", () => {
  test.each([
    ["one per line", `22345-6789B-CDFGH-JKMNP-756H8\n2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ\n`],
    ["in any spelling, with empty lines between", `\r\n22345 6789b cdfgh jkmnp 756h8\r\n\r\n  ${two.toLowerCase()}`],
    ["on one line, with commas or with spaces", `22345-6789B-CDFGH-JKMNP-756H8, 2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ`],
    ["on one line, with spaces", `22345-6789B-CDFGH-JKMNP-756H8 2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ`],
    ["twice the same", `${one}\n${two}\n22345-6789B-CDFGH-JKMNP-756H8`],
    [
      "as the CSV of keys issue",
      `key,product,months,batch
22345-6789B-CDFGH-JKMNP-756H8,norton-360-deluxe,12,e3cf6d4f-8a8c-4f28-98c7-721052bb780b
2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ,norton-360-deluxe,12,e3cf6d4f-8a8c-4f28-98c7-721052bb780b
`,
    ],
    [
      "as the JSON of keys issue",
      `[
{"key":"22345-6789B-CDFGH-JKMNP-756H8","product":"norton-360-deluxe","months":12,"batch":"e3cf6d4f"},
{"key":"2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ","product":"norton-360-deluxe","months":12,"batch":"e3cf6d4f"}
]`,
    ],
    ["as a JSON list of texts", JSON.stringify([one, two])],
    ["as a numbered list", `1. ${one}\n2. ${two}`],
    ["as a list numbered with brackets", `9) ${one}\n10) ${two}`],
    ["as a list with dashes", `- ${one}\n- ${two}`],
    ["below a heading", `key\n${one}\n${two}`],
    ["in UTF-16", decode(Buffer.from(`\uFEFFkey\r\n${one}\r\n${two}`, "utf16le"))],
  ])("are read %s", (_, input) => {
    expect(keysIn(input)).toEqual([one, two]);
  });

  test.each([
    ["a mistyped one on a line of its own", `${one}\n22354-6789B-CDFGH-JKMNP-756H8\n`, "Line 2"],
    ["a mistyped one beside a good one", `${one}, 22354-6789B-CDFGH-JKMNP-756H8`, "Line 1"],
    ["a mistyped one after a good one and a space", `${one} 22354-6789B-CDFGH-JKMNP-756H8`, "Line 1"],
    ["one with a symbol missing", `${one}\n\n${two.slice(1)}`, "Line 3"],
    ["a partner code", "32345-6789B-CDHD8", "Line 1"],
    ["prose", "please withdraw these", "Line 1"],
    ["a mistyped one in JSON", JSON.stringify([{ key: one }, { key: two.slice(1) }]), "Entry 2"],
  ])("are all refused because of %s, which is placed and not repeated", (_, input, place) => {
    expect(() => keysIn(input)).toThrow(place);
    expect(() => keysIn(input)).not.toThrow(/2{2}354|32345|ZYXW|please/);
  });

  test.each(["[", "[{]", '{"key": 5}', "[null]", "[[]]"])("are refused as JSON of another shape: %s", (input) => {
    expect(() => keysIn(input)).toThrow("JSON");
  });
});
