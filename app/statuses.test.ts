import { STATUS_CODES } from "node:http";
import { expect, it } from "vitest";
import { statuses } from "@/app/statuses";

const all = Object.entries(statuses).flatMap(([group, ofGroup]) =>
  Object.entries(ofGroup).map(([refusal, status]): [string, number] => [`${group}.${refusal}`, status]),
);

it.each(all)("%s has the status %i", (_, status) => {
  expect(STATUS_CODES[status]).toBeDefined();
  expect(status).toBeGreaterThanOrEqual(400);
});

it("only rate limits answer 429", () => {
  const limited = all.filter(([, status]) => status === 429).map(([refusal]) => refusal);
  expect(limited).toEqual([
    "licence.limited",
    "partner.limited",
    "lease.limited",
    "device.limited",
    "handoff.limited",
    "account.limited",
    "account.locked",
  ]);
});

it("an unknown key gets the status of an unknown URL", () => {
  expect(statuses.key.unknown).toBe(statuses.request.notFound);
});

it("only an outage is a server error", () => {
  expect(all.filter(([, status]) => status >= 500)).toEqual([["request.unavailable", 503]]);
});
