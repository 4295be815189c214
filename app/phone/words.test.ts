import { expect, it } from "vitest";
import { operations } from "@/app/api/operations";
import en from "@/lib/messages/en.json";

/** Codes that only a fault of the app's own requests brings about, and those that end its session. */
const faults = new Set([
  ...["invalidRequest", "tooLarge", "wrongHost", "idempotencyKeyReused", "requestInProgress", "unknownClient"],
  ...["tokenMissing", "tokenInvalid", "notProtected"],
]);

it("the reference phone app has words for every refusal that a person can meet in it", () => {
  const { Account, Subscriptions, Devices, Keys, "Hand-offs": handoffs } = operations;
  const used = [Account, Subscriptions, Devices, Keys, handoffs].flatMap((some) => some ?? []);
  const codes = new Set(used.flatMap(({ refusals }) => refusals).filter((code) => !faults.has(code)));
  expect([...codes].filter((code) => !(code in en.phone.problems))).toEqual([]);
});
