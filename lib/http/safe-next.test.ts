import { describe, expect, it } from "vitest";
import { safeNext } from "@/lib/http/safe-next";

describe("a path to continue at", () => {
  it.each([
    "/",
    "/home/setup",
    "/home/setup/review?p=aB_-9",
    "/home/subscriptions?a=1&b=%2F%2Fevil",
    "/help/find-your-key#card",
  ])("stays %s when it is on this site", (path) => expect(safeNext(path, "/fallback")).toBe(path));

  it.each([
    "",
    "home",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "https://evil.example",
    "HTTPS:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/..//evil.example",
    "/.//evil.example",
    "/a/../..//evil.example",
    "/%2e%2e//evil.example/..//x",
    "/home\\..\\..\\evil",
    "/home\u0000",
    "/\u2028/evil.example",
    "/é",
    "@evil.example",
    ".evil.example",
    "?next=//evil.example",
    `/${"a".repeat(600)}`,
    null,
    undefined,
  ])("is never %j, which could lead to another site (S15)", (value) => {
    const next = safeNext(value, "/fallback");
    const landed = new URL(next, "https://portal.example");
    expect(landed.origin).toBe("https://portal.example");
    expect(next.startsWith("//")).toBe(false);
    expect(next).toBe("/fallback");
  });
});
