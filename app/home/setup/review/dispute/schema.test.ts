import { expect, test } from "vitest";
import { disputeForm } from "./schema";

const claim = { shop: "Electro, Lille", boughtOn: "31/03/2026", lastGroup: "756H8", receipt: "" };
const faultsOf = (given: Partial<typeof claim>) =>
  disputeForm.safeParse({ ...claim, ...given }).error?.issues.map(({ message }) => message);

test("the last group may be typed in small letters, with O for 0, or as the end of the whole key", () => {
  for (const [typed, read] of [
    [" 756h8 ", "756H8"],
    ["7o6h8", "706H8"],
    ["22345-6789B-CDFGH-JKMNP-756H8", "756H8"],
    ["•••••-•••••-•••••-•••••-756H8", "756H8"],
  ] as const) {
    expect(disputeForm.parse({ ...claim, lastGroup: typed }).lastGroup).toBe(read);
  }
});

test.each([
  [{ shop: " \u2800 " }, "dispute.shop"],
  [{ shop: "x".repeat(101) }, "dispute.shopTooLong"],
  [{ boughtOn: "" }, "dispute.boughtOn"],
  [{ boughtOn: "x".repeat(41) }, "dispute.boughtOnTooLong"],
  [{ lastGroup: "756H" }, "dispute.lastGroup"],
  [{ lastGroup: "756H8Z" }, "dispute.lastGroup"],
  [{ lastGroup: "756Hé" }, "dispute.lastGroup"],
  [{ receipt: "x".repeat(2001) }, "dispute.receiptTooLong"],
])("a dispute with %j is refused", (given, code) => expect(faultsOf(given)).toEqual([code]));

test("a claim holds nothing that steers a terminal or turns the text around it, and keeps the receipt's lines", () => {
  const hostile = "Shop\u001b[2J\u0000\u009b1m\u202e\r\nsecond";
  const read = disputeForm.parse({ shop: hostile, boughtOn: hostile, lastGroup: "756H8", receipt: hostile });
  for (const text of [read.shop, read.boughtOn]) expect(text).not.toMatch(/\p{Cc}|\u202e/u);
  expect(read.receipt.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
  expect(read.receipt.split("\n")).toHaveLength(2);
});
