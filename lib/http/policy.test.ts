import { describe, expect, it } from "vitest";
import { limits } from "@/lib/http/limits";
import { classOf, policies, type PathClass } from "@/lib/http/policy";
import { refusalOf } from "@/lib/http/refusal";

const authUrl = "https://my.example.com";
const host = "my.example.com";

/** A path of each class. */
const paths: Record<PathClass, string> = {
  page: "/sign-in",
  api: "/api/v1/subscriptions",
  probe: "/healthz",
  file: "/_next/static/chunks/x.js",
};

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"] as const;

/** The expected response of each class to each kind of request. `in` means it reaches Next.js. */
type Row = {
  /** Methods that reach Next.js. The others get 405. */
  lets: readonly string[];
  /** A GET and a POST under another host, the POST with the right Origin. */
  otherHost: [get: number | "in", post: number | "in"];
  /** A POST from another site. */
  foreignPost: number | "in";
  cookies: boolean;
  form: "text" | "problem";
};

const expected: Record<PathClass, Row> = {
  page: { lets: ["GET", "HEAD", "POST"], otherHost: [307, 421], foreignPost: 403, cookies: true, form: "text" },
  api: {
    lets: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    otherHost: [421, 421],
    foreignPost: "in",
    cookies: false,
    form: "problem",
  },
  probe: { lets: ["GET", "HEAD"], otherHost: ["in", 405], foreignPost: 405, cookies: false, form: "text" },
  file: { lets: ["GET", "HEAD"], otherHost: [307, 405], foreignPost: 405, cookies: true, form: "text" },
};

const ask = (method: string, url: string, headers: Record<string, string> = {}) =>
  refusalOf({ method, url, headers: { host, ...headers } }, authUrl);
const statusOf = (...asked: Parameters<typeof ask>) => ask(...asked)?.status ?? "in";

it("every class of paths has its expected responses here", () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(policies).sort());
});

describe.each(Object.entries(expected) as [PathClass, Row][])("a path of class %s", (kind, row) => {
  const path = paths[kind];

  it("is recognised", () => expect(classOf(path)).toBe(kind));

  it.each(methods)("accepts %s only if the table says so", (method) => {
    expect(statusOf(method, path, { origin: authUrl })).toBe(row.lets.includes(method) ? "in" : 405);
  });

  it("lists its methods in Allow", () => {
    expect(ask("TRACE", path)?.headers).toEqual({ Allow: row.lets.join(", ") });
  });

  it.each(["evil.example", "my.example.com:8080", "127.0.0.1", ""])(
    "follows its host rule under the host %j",
    (other) => {
      const [get, post] = row.otherHost;
      expect(statusOf("GET", path, { host: other })).toBe(get);
      expect(statusOf("POST", path, { host: other, origin: authUrl })).toBe(post);
    },
  );

  it.each<Record<string, string>>([
    {},
    { origin: "null" },
    { origin: "" },
    { origin: "http://my.example.com" },
    { origin: "https://my.example.com.evil.example" },
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site" },
  ])("accepts a POST from another site (%j) only if the table says so", (headers) => {
    expect(statusOf("POST", path, headers)).toBe(row.foreignPost);
  });

  it.each<Record<string, string>>([
    { origin: authUrl },
    { "sec-fetch-site": "same-origin" },
    { origin: "null", "sec-fetch-site": "same-origin" },
  ])("accepts a POST from this site (%j) if it accepts any", (headers) =>
    expect(statusOf("POST", path, headers)).toBe(row.lets.includes("POST") ? "in" : 405),
  );

  it.each(["my.example.com:443", "MY.example.com"])("knows this site under the spelling %j", (host) => {
    expect(statusOf("GET", path, { host })).toBe("in");
  });

  it("passes cookies to Next.js only if the table says so", () => {
    expect(policies[kind].cookies).toBe(row.cookies);
  });

  it("refuses a body above the limit", () => {
    const [method] = row.lets.includes("POST") ? ["POST"] : ["GET"];
    const sent = (length: number) => statusOf(method!, path, { origin: authUrl, "content-length": String(length) });
    expect([sent(limits.body), sent(limits.body + 1)]).toEqual(["in", 413]);
  });

  it("refuses in the format of the table", () => {
    expect(ask("TRACE", path)?.form).toBe(row.form);
    expect(ask("GET", path, { "content-length": String(limits.body + 1) })?.form).toBe(row.form);
  });
});

describe("the class of a path", () => {
  it.each<[string, PathClass | null]>([
    ["/", "page"],
    ["/home/setup?next=/api/x", "page"],
    ["/apiary", "page"],
    ["/API/x", "page"],
    ["/home/api/x", "page"],
    ["/healthz/x", "page"],
    ["/readyz?", "probe"],
    ["/icon.svg", "file"],
    ["/_next/data/x", "file"],
    // The reference for developers is a page. A slash behind it leads there.
    ["/api", "page"],
    ["/api?x", "page"],
    ["/%61pi", "page"],
    ["/api/", "api"],
    ["/api/?x", "api"],
    ["/api/.", "api"],
    ["/api/v1/..", "api"],
    ["/api/openapi.json", "api"],
    ["/api/v1/openapi.json", "api"],
    ["/api/%ff", "api"],
    ["/api/names/%20", "api"],
    ["/.well-known/jwks.json", "api"],
    ["/.well-known/oauth-authorization-server", "api"],
    ["/.well-known/openid-configuration", "api"],
    ["/oauth/token", "api"],
    ["/oauth/revoke?x", "api"],
    ["/oauth/authorize", "page"],
    ["/oauth/continue", "page"],
    ["/oauth/x/../token", null],
    ["/oauth/tok%65n", null],
    ["/.well-known/jwks.json?x", "api"],
    ["/.well-known/assetlinks.json", "api"],
    ["/.well-known/apple-app-site-association", "api"],
    ["/.well-known/apple-app-site-association/x", "page"],
    ["/.well-known/jwks.json/x", "page"],
    ["/.well-known/x/../jwks.json", null],
    ["/.well-known/jwks%2ejson", null],
    // A path that is under /api/ for only one way of reading it has no class.
    ["/api/../sign-in", null],
    ["/api/..\\sign-in", null],
    ["/api/%2e%2e/sign-in", null],
    ["/api/..%2fsign-in", null],
    ["/api/%2e%2e%5csign-in", null],
    ["/home/../api/x", null],
    ["/%61pi/x", null],
    ["//api/x", null],
    ["/./api/x", null],
    ["/\\api/x", null],
    ["/api%2fx", null],
    ["/api%2f", null],
    ["/api/..", null],
    ["/api\\x", null],
    ["*", null],
    ["", null],
    ["https://my.example.com/home/setup", null],
    ["my.example.com:443", null],
  ])("of %j is %s", (target, kind) => expect(classOf(target)).toBe(kind));

  it("does not exist for a target that is no path, which gets 400", () => expect(statusOf("GET", "*")).toBe(400));
});

describe("a GET under another host", () => {
  it.each([
    ["/home/setup?lang=fr", "https://my.example.com/home/setup?lang=fr"],
    ["//evil.example/", "https://my.example.com//evil.example/"],
    ["/\\evil.example", "https://my.example.com//evil.example"],
    ["/@evil.example", "https://my.example.com/@evil.example"],
  ])("is redirected from %s to %s", (url, location) => {
    expect(ask("GET", url, { host: "evil.example" })?.headers?.Location).toBe(location);
  });
});
