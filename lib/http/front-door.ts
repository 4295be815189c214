import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { BlockList, isIP } from "node:net";
import { env } from "@/lib/env";
import { mendAnswer, unreadableStatus, type Unreadable } from "@/lib/http/answer";
import { refusalOf } from "@/lib/http/refusal";
import { log } from "@/lib/log";

/**
 * Stands between the socket and the framework: whom a request comes from (which the framework no longer tells), a request
 * id, the headers of every answer whoever makes it, refusals, and one log line when it is answered.
 */
export function watchArrivals(): void {
  const shared = globalThis as { portalArrivals?: WeakSet<Server> };
  if (shared.portalArrivals) return;
  const watched = (shared.portalArrivals = new WeakSet());
  // The framework makes its server without asking; this is heard before a request is handed to the server's listeners.
  subscribe("http.server.request.start", (message) => {
    const { server } = message as { server: Server };
    if (watched.has(server)) return;
    watched.add(server);
    standBefore(server);
  });
}

function standBefore(server: Server): void {
  const framework = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (arrive(request, response)) for (const listener of framework) listener.call(server, request, response);
  });
}

/** The requests that are being answered, by a mark that nobody outside ever sees. */
const beingAnswered = new Map<string, { requestId: string; network: string | null }>();

/** Of these, the ones that turned out to be unreadable, by request id. */
const unreadable = new Map<string, Unreadable>();

/** Notes what the framework failed on. @returns whether it was the request's own fault */
export function noteUnreadable(requestId: string, error: unknown): boolean {
  const status = unreadableStatus(error);
  if (status) unreadable.set(requestId, status);
  return status !== undefined;
}

/** What others say under these names is not believed: the first are set here and in proxy.ts, the others follow AUTH_URL. */
const ownHeaders = [
  "x-client-network",
  "x-request-id",
  "x-asked-within",
  "x-nonce",
  "x-locale",
  "x-lang-chosen",
  "x-path",
  "x-method",
  "x-shows-mails",
  // With it next-auth takes a refused sign-in for a good one.
  "x-auth-return-redirect",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "forwarded",
];

/** @returns whether the framework shall answer */
function arrive(request: IncomingMessage, response: ServerResponse): boolean {
  const { authUrl, mode, secure, trustedProxies } = env();
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  if ((mode === "demo" || mode === "development") && !isLoopback(peer)) {
    request.socket.destroy();
    return false;
  }

  const { headers } = request;
  // To answer an action's redirect the framework asks itself for the page, with the headers of the first request.
  const outer = beingAnswered.get(String(headers["x-asked-within"]));
  const requestId = outer?.requestId ?? randomUUID();
  const network = outer ? outer.network : networkOf(clientAddress(peer, headers["x-forwarded-for"], trustedProxies));
  const mark = randomUUID();
  beingAnswered.set(mark, { requestId, network });
  response.once("close", () => {
    beingAnswered.delete(mark);
    unreadable.delete(requestId);
  });
  logWhenAnswered(request, response, requestId);
  for (const [name, value] of Object.entries(securityHeaders(secure))) response.setHeader(name, value);

  const refusal = outer ? null : refusalOf(request, authUrl);
  if (refusal) {
    response.writeHead(refusal.status, {
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-store",
      ...refusal.headers,
    });
    response.end(`${refusal.text}\n`);
    return false;
  }

  for (const name of ownHeaders) delete headers[name];
  const { host, protocol } = new URL(authUrl);
  Object.assign(headers, { "x-request-id": requestId, "x-asked-within": mark, host });
  Object.assign(headers, { "x-forwarded-host": host, "x-forwarded-proto": protocol.slice(0, -1) });
  if (network) headers["x-client-network"] = network;
  request.url = readable(request.url ?? "/");
  mendAnswer(request, response, { requestId, readFault: () => unreadable.get(requestId) });
  return true;
}

function logWhenAnswered(request: IncomingMessage, response: ServerResponse, requestId: string): void {
  const { method } = request;
  const path = request.url?.split("?")[0] ?? "";
  if (path.startsWith("/_next/static/")) return;
  const began = performance.now();
  response.once("finish", () => {
    const ms = Math.round(performance.now() - began);
    log().info({ requestId, method, path, status: response.statusCode, ms }, "request");
  });
}

const YEAR = 365 * 86_400;

/** For every answer. Pages get a content security policy that lets them work in place of this one, see proxy.ts. */
const securityHeaders = (secure: boolean): Record<string, string> => ({
  "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // Not no-referrer: it makes browsers send `Origin: null`, and every form without scripts would be refused.
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  ...(secure && { "Strict-Transport-Security": `max-age=${2 * YEAR}; includeSubDomains` }),
});

/** An address with a broken percent-encoding is one that does not exist; the framework would fail on it. */
function readable(url: string): string {
  const end = url.indexOf("?");
  const [path, query] = end < 0 ? [url, ""] : [url.slice(0, end), url.slice(end)];
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll("%", "%25") + query;
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * The client's address: the peer itself, or with n trusted proxies in front the n-th entry of X-Forwarded-For from the
 * right. Entries further left are the client's own claim.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | string[] | undefined,
  trustedProxies: number,
): string {
  if (trustedProxies === 0) return peer;
  const hops = String(forwardedFor ?? "")
    .split(",")
    .map((hop) => plainAddress(hop.trim()));
  const claimed = hops.at(-trustedProxies) ?? "";
  return isIP(claimed) ? claimed : peer;
}

/** What is counted as one network: an IPv4 address, or an IPv6 /64 (RFC 6177 gives at least that to each site). */
export function networkOf(address: string): string | null {
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return null;
  const [head = "", tail = ""] = address.split("%")[0]!.split("::");
  const groups = head.split(":").filter(Boolean);
  const after = tail.split(":").filter(Boolean);
  const filled = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill("0"), ...after];
  return (
    filled
      .slice(0, 4)
      .map((group) => parseInt(group, 16).toString(16))
      .join(":") + "::/64"
  );
}

/** IPv4 that arrived on an IPv6 socket, as IPv4. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

const isLoopback = (address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? "ipv4" : "ipv6");
};
