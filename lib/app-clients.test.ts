import { describe, expect, it } from "vitest";
import { formTargets, readAppClients, samePlace } from "@/lib/app-clients";

const app = { id: "example", name: "Exemple", redirectUris: ["com.example.app:/callback"] };
const read = (...clients: object[]) => readAppClients(JSON.stringify(clients));

describe("the setting APP_CLIENTS", () => {
  it("lists apps with their own scheme, an https address or loopback", () => {
    const redirectUris = ["com.example.app:/callback", "https://example.com/app?x=1", "http://127.0.0.1/callback"];
    expect(read({ ...app, redirectUris })).toEqual({ clients: [{ ...app, redirectUris }] });
    expect(readAppClients("[]")).toEqual({ clients: [] });
  });

  it.each([
    "http://example.com/callback",
    "http://localhost/callback",
    "http://127.0.0.1.evil.example/callback",
    "javascript:alert(1)",
    "data:text/html,x",
    "example:/callback",
    "com.example.app://host/callback",
    "https://user:pass@example.com/",
    "https://example.com/#x",
    "com.example.app:/call back",
    "/callback",
    "",
  ])("refuses the redirect URI %s", (uri) => {
    expect(read({ ...app, redirectUris: [uri] })).toEqual({
      problem: expect.stringMatching(/^is wrong at 0\.redirectUris\.0: a redirect URI is/),
    });
  });

  it.each([
    ["{", /^must be JSON/],
    ["{}", /^is wrong at its start/],
    [JSON.stringify([{ ...app, redirectUris: [] }]), /an app needs a redirect URI/],
    [JSON.stringify([{ ...app, secret: "x" }]), /^is wrong at 0/],
    [JSON.stringify([{ ...app, name: " " }]), /a name is missing/],
    [JSON.stringify([{ ...app, id: "a b" }]), /an id has/],
    [JSON.stringify([app, app]), /has the id example twice/],
    [JSON.stringify([{ ...app, id: "reference-phone" }]), /reference-phone/],
  ])("says what is wrong with %s", (text, problem) => {
    expect(readAppClients(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe("a redirect URI", () => {
  it.each([
    ["com.example.app:/callback", "com.example.app:/callback", true],
    ["com.example.app:/callback", "com.example.app:/callback/", false],
    ["com.example.app:/callback", "com.example.app:/callback?x", false],
    ["com.example.app:/callback", "COM.example.app:/callback", false],
    ["https://example.com/a", "https://example.com/%61", false],
    ["https://example.com/a", "https://example.com:8443/a", false],
    ["https://example.com/a", "https://example.com/b/../a", false],
    ["http://127.0.0.1/a", "http://127.0.0.1:49152/a", true],
    ["http://127.0.0.1:5000/a", "http://127.0.0.1/a", true],
    ["http://127.0.0.1/a", "http://127.0.0.1:49152/b", false],
    ["http://127.0.0.1/a", "http://127.0.0.1:1@evil.example/a", false],
    ["http://127.0.0.1/a", "http://127.0.0.1.evil.example/a", false],
    ["http://127.0.0.1/a", "https://127.0.0.1/a", false],
  ])("%s registers %s: %s", (registered, uri, same) => {
    expect(samePlace(registered, uri)).toBe(same);
  });
});

it("a form may lead to the apps' origins and schemes, and to no other place", () => {
  const redirectUris = ["com.example.app:/a", "https://example.com/a?b", "http://127.0.0.1/a", "http://127.0.0.1/b"];
  expect(formTargets([{ ...app, redirectUris }])).toEqual([
    "com.example.app:",
    "https://example.com",
    "http://127.0.0.1:*",
  ]);
});
