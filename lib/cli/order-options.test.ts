import { describe, expect, test } from "vitest";
import { readChannel, readNote, readProduct, readRedeemBy, readRegions, readWhole } from "@/lib/cli/order-options";

const redeemBy = readRedeemBy(new Date("2026-11-23T14:05:00Z"));
const count = readWhole(1, 60);

describe("an order for keys", () => {
  test("is read as written, but for the case and repetition of countries and the space around a note", () => {
    expect(readProduct("norton-360-premium")).toBe("norton-360-premium");
    expect([count("1"), count("60"), count("007")]).toEqual([1, 60, 7]);
    expect(readRegions("fr, BE,fr")).toEqual(["FR", "BE"]);
    expect(redeemBy("2028-02-29")).toBe("2028-02-29");
    expect(readChannel("mail-order-2")).toBe("mail-order-2");
    expect(readNote(" autumn, second run ")).toBe("autumn, second run");
  });

  test("takes a redeem-by date until that day has ended everywhere on Earth", () => {
    const lastDay = readRedeemBy(new Date("2026-11-24T11:59:59Z"));
    const nextDay = readRedeemBy(new Date("2026-11-24T12:00:00Z"));
    expect(lastDay("2026-11-23")).toBe("2026-11-23");
    expect(() => nextDay("2026-11-23")).toThrow("over");
  });

  test.each([
    ["a product of another name", () => readProduct("norton-360")],
    ["a product that every object has", () => readProduct("constructor")],
    ["no months", () => count("0")],
    ["61 months", () => count("61")],
    ["less than nothing", () => count("-1")],
    ["a fraction", () => count("1.5")],
    ["an exponent", () => count("1e1")],
    ["another number's digits", () => count("0x10")],
    ["nothing", () => count("")],
    ["a country that does not exist", () => readRegions("FR,XX")],
    ["a language for a country", () => readRegions("en")],
    ["an empty list of countries", () => readRegions("")],
    ["a comma too many", () => readRegions("FR,")],
    ["a day that the month does not have", () => redeemBy("2027-02-29")],
    ["a month that the year does not have", () => redeemBy("2027-13-01")],
    ["a date in another order", () => redeemBy("31/12/2027")],
    ["a date with a time", () => redeemBy("2027-12-31T00:00:00Z")],
    ["a day that is over", () => redeemBy("2026-11-21")],
    ["a channel with spaces", () => readChannel("retail shops")],
    ["a key for a channel", () => readChannel("22345-6789b-cdfgh-jkmnp-756h8")],
    ["a key within a note", () => readNote("replaces 22345-6789B-CDFGH-JKMNP-756H8")],
    ["a note of two lines", () => readNote("one\ntwo")],
    ["an empty note", () => readNote(" ")],
  ])("is refused with %s", (_, read) => {
    expect(read).toThrow();
  });
});
