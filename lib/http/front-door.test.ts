import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { env, type AppMode, type Env } from "@/lib/env";
import { frontDoor, mayUpgrade } from "@/lib/http/front-door";

const shared = globalThis as { portalEnv?: Env };
const whole = env();
const { host, origin } = new URL(whole.authUrl);

afterEach(() => void (shared.portalEnv = whole));

/** Sends a request from an address to a server in a mode. `reset`: the connection was destroyed. */
function from(remoteAddress: string, mode: AppMode, headers: IncomingMessage["headers"] = {}) {
  shared.portalEnv = { ...whole, mode };
  const seen = { reset: false };
  const socket = { remoteAddress, destroy: () => void (seen.reset = true) };
  const request = Object.assign(new EventEmitter(), { method: "GET", url: "/home/setup", socket, push: () => true });
  return { request: Object.assign(request, { headers: { host, ...headers } }) as unknown as IncomingMessage, seen };
}

const response = () =>
  Object.assign(new EventEmitter(), {
    setHeader: () => {},
    writeHead: () => {},
    end: () => {},
  }) as unknown as ServerResponse;

describe("who may connect", () => {
  it.each<[AppMode, string, boolean]>([
    ["demo", "127.0.0.1", true],
    ["demo", "::1", true],
    ["demo", "::ffff:127.0.0.1", true],
    ["demo", "192.168.1.7", false],
    ["development", "2001:db8::1", false],
    ["development", "", false],
    ["production", "192.168.1.7", true],
  ])("to a server in %s mode from %j: %s", (mode, address, letIn) => {
    const { request, seen } = from(address, mode);
    expect(frontDoor(request, response())).toBe(letIn);
    expect(seen.reset).toBe(!letIn);
  });
});

describe("a request for a whole URL", () => {
  it.each([
    [`${origin}/home/setup?lang=fr`, "/home/setup?lang=fr"],
    [`HTTP://${host}`, "/"],
    [`${origin}?lang=fr`, "/?lang=fr"],
  ])("%s is one for its path, whatever its Host header says", (url, path) => {
    const { request } = from("127.0.0.1", "production", { host: "proxy.example" });
    request.url = url;
    expect(frontDoor(request, response())).toBe(true);
    expect(request.url).toBe(path);
  });
});

describe("a WebSocket of the development server", () => {
  it.each<[string, IncomingMessage["headers"], string, boolean]>([
    ["of the site's own page", { origin }, "127.0.0.1", true],
    ["of no page", {}, "127.0.0.1", true],
    ["of another site", { origin: "https://evil.example" }, "127.0.0.1", false],
    ["under another host", { host: "evil.example", origin }, "127.0.0.1", false],
    ["from another machine", { origin }, "192.168.1.7", false],
  ])("%s is opened only for this machine and this site", (_what, headers, address, opened) => {
    expect(mayUpgrade(from(address, "development", headers).request)).toBe(opened);
  });
});
