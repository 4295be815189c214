import { expect, test } from "vitest";
import { readLinkToken } from "./link-token";

const token = "dGhpcyBpcyBhIHRva2VuIG9mIGEgbGluay4uLi4uLi4";

test.each([
  ["as it was sent", token],
  ["before the end of a sentence", `${token}.`],
  ["in angle brackets", `${token}>`],
  ["in brackets and a sentence", `${token}).`],
  ["in French quotation marks", `${token}\u00a0»`],
])("a link copied %s is read", (_, given) => {
  expect(readLinkToken(given)).toBe(token);
});

test("a repeated parameter and none match no link", () => {
  expect([readLinkToken([token, token]), readLinkToken(undefined)]).toEqual(["", ""]);
});
