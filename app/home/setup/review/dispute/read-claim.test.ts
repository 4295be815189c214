import { expect, it } from "vitest";
import { readClaim } from "./read-claim";
import { disputeFields } from "./schema";

it("a form full of signs that stand for eighteen letters each keeps the server busy for no second", () => {
  const form = new FormData();
  for (const name of disputeFields) form.set(name, "\ufdfa".repeat(200_000));
  const began = performance.now();
  readClaim(form);
  expect(performance.now() - began).toBeLessThan(1_000);
});

it("a text that is too long comes back, so that its writer can shorten it", () => {
  const form = new FormData();
  for (const name of disputeFields) form.set(name, "a ".repeat(5_000));
  const { receipt, shop } = readClaim(form);
  expect(receipt.length).toBeGreaterThan(2_000);
  expect(shop.length).toBeGreaterThan(100);
});
