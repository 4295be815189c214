import { STATUS_CODES } from "node:http";
import { expect, it } from "vitest";
import { statuses } from "@/app/statuses";

const all = Object.entries(statuses).flatMap(([group, ofGroup]) =>
  Object.entries(ofGroup).map(([refusal, status]): [string, number] => [`${group}.${refusal}`, status]),
);

it.each(all)("%s has a status that says so, %i", (_, status) => {
  expect(STATUS_CODES[status]).toBeDefined();
  expect(status).toBeGreaterThanOrEqual(400);
});

it("every rate limit answers 429, and nothing else does", () => {
  const limited = all.filter(([, status]) => status === 429).map(([refusal]) => refusal);
  expect(limited).toEqual(["licence.limited", "account.limited", "account.locked"]);
});

it("a key that does not exist looks like any address that does not exist", () => {
  expect(statuses.key.unknown).toBe(statuses.request.notFound);
});

it("only an outage is the server's fault", () => {
  expect(all.filter(([, status]) => status >= 500)).toEqual([["request.unavailable", 503]]);
});
