import { describe, expect, it } from "vitest";
import { refusalOf } from "@/lib/http/refusal";

const authUrl = "https://my.example.com";
const host = "my.example.com";

const statusOf = (method: string, url: string, headers: Record<string, string> = {}) =>
  refusalOf({ method, url, headers: { host, ...headers } }, authUrl)?.status ?? "let in";

describe("what reaches the pages", () => {
  it.each([
    ["GET", "/home/setup", {}, "let in"],
    ["HEAD", "/home/setup", {}, "let in"],
    ["POST", "/sign-in", { origin: authUrl }, "let in"],
    ["POST", "/sign-in", { "sec-fetch-site": "same-origin" }, "let in"],
    ["GET", "/healthz", { host: "10.0.0.7:3000" }, "let in"],
    ["GET", "/readyz?", { host: "10.0.0.7:3000" }, "let in"],
    ["POST", "/sign-in", { origin: authUrl, "content-length": "1000000" }, "let in"],
  ])("%s %s with %j is %s", (method, url, headers, status) => {
    expect(statusOf(method, url, headers as Record<string, string>)).toBe(status);
  });
});

describe("what does not", () => {
  it.each([
    ["PUT", "/home/setup", {}, 405],
    ["TRACE", "/icon.svg", {}, 405],
    ["get", "/home/setup", {}, 405],
    ["POST", "/_next/static/chunks/x.js", { origin: authUrl }, 405],
    ["POST", "/icon.svg", { origin: authUrl }, 405],
    ["GET", "*", {}, 400],
    ["GET", "https://my.example.com/home/setup", {}, 400],
    ["GET", "/home/setup", { host: "evil.example" }, 307],
    ["GET", "/home/setup", { host: "my.example.com:8080" }, 307],
    ["GET", "/healthz/x", { host: "evil.example" }, 307],
    ["POST", "/sign-in", { host: "evil.example", origin: authUrl }, 421],
    ["POST", "/sign-in", {}, 403],
    ["POST", "/sign-in", { origin: "null" }, 403],
    ["POST", "/sign-in", { origin: "" }, 403],
    ["POST", "/sign-in", { origin: "http://my.example.com" }, 403],
    ["POST", "/sign-in", { origin: "https://my.example.com.evil.example" }, 403],
    ["POST", "/sign-in", { origin: "https://evil.example", "sec-fetch-site": "same-origin" }, 403],
    ["POST", "/sign-in", { "sec-fetch-site": "same-site" }, 403],
    ["POST", "/sign-in", { "sec-fetch-site": "none" }, 403],
    ["POST", "/sign-in", { origin: authUrl, "content-length": "1000001" }, 413],
  ])("%s %s with %j is answered %i", (method, url, headers, status) => {
    expect(statusOf(method, url, headers as Record<string, string>)).toBe(status);
  });

  it.each([
    ["/home/setup?lang=fr", "https://my.example.com/home/setup?lang=fr"],
    ["//evil.example/", "https://my.example.com//evil.example/"],
    ["/\\evil.example", "https://my.example.com//evil.example"],
    ["/@evil.example", "https://my.example.com/@evil.example"],
  ])("under another name %s leads to %s", (url, location) => {
    const refusal = refusalOf({ method: "GET", url, headers: { host: "evil.example" } }, authUrl);
    expect(refusal?.headers?.Location).toBe(location);
  });
});
