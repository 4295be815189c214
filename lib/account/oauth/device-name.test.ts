import { expect, it } from "vitest";
import { cleanDeviceName } from "@/lib/account/oauth/device-name";

it.each([
  ["Pixel 9 de Zoé", "Pixel 9 de Zoé"],
  ["  Camille’s  iPhone\n", "Camille’s iPhone"],
  ["<b>Phone</b>", "b Phone b"],
  ["a".repeat(80), "a".repeat(60)],
  ["‮enohp\u0000", "enohp"],
  ["Call www.evil.example", null],
  ["Go to evil.example now", null],
  ["https://evil.example/x", null],
  ["— ! —", null],
  ["", null],
])("a device that calls itself %j is shown as %j (S47)", (given, shown) => {
  expect(cleanDeviceName(given)).toBe(shown);
});
