import "server-only";
import { randomUUID } from "node:crypto";
import { METHODS, type IncomingMessage, type ServerResponse } from "node:http";
import { env } from "@/lib/env";
import { mendAnswer } from "@/lib/http/answer";
import { limitBody } from "@/lib/http/body-limit";
import { clientAddress, isLoopback, networkOf, plainAddress } from "@/lib/http/client-network";
import { doorHeader, doorMark } from "@/lib/http/door-mark";
import { findInFlight, noteInner, register, type InFlight } from "@/lib/http/in-flight";
import { limits } from "@/lib/http/limits";
import { loggedPath } from "@/lib/http/logged-path";
import { classOf, confirmingPage, policies } from "@/lib/http/policy";
import { refusalOf, refuse, tooLarge } from "@/lib/http/refusal";
import { securityHeaders } from "@/lib/http/security-headers";
import { routeOf } from "@/lib/http/route-of";
import { log } from "@/lib/log";
import { shared } from "@/lib/metrics";
import { isTrusted } from "@/lib/trusted-proxies";

/**
 * Handles every request before Next.js sees it. It sets the client's network, the request's id and log line, the
 * response's security headers and the body limit. It refuses by policy.ts and removes headers that Next.js must not
 * believe.
 * @returns whether Next.js should answer
 */
export function frontDoor(request: IncomingMessage, response: ServerResponse): boolean {
  const { authUrl, secure, trustedProxies } = env();
  const { headers } = request;
  takeAbsoluteForm(request);
  if (!isFromOpenNetwork(request)) {
    request.socket.destroy();
    return false;
  }

  if (headers["x-forwarded-for"] && !isTrusted(peerOf(request), trustedProxies)) warnOfProxy(trustedProxies.count);

  // To render the page that an action redirects to, Next.js sends itself a request with the first one's headers.
  const outer = findInFlight(headers["x-asked-within"]);
  if (outer) noteInner(request);
  const inFlight: InFlight = outer ?? {
    requestId: randomUUID(),
    network: networkOf(clientAddress(peerOf(request), headers["x-forwarded-for"], trustedProxies)),
  };
  const mark = register(inFlight, response);
  logWhenAnswered(request, response, inFlight);
  for (const [name, value] of Object.entries(securityHeaders(secure))) response.setHeader(name, value);

  const refusal = outer ? null : refusalOf(request, authUrl);
  if (refusal) {
    refuse(request, response, refusal);
    return false;
  }

  const { url = "/" } = request;
  limitBody(request, limits.body, () => {
    inFlight.fault = 413;
    if (response.headersSent) request.destroy();
    else refuse(request, response, tooLarge(url));
  });
  replaceHeaders(request, { inFlight, mark, authUrl });
  request.url = decodable(url);
  mendAnswer(request, response, inFlight);
  return true;
}

let hasWarned = false;

/** Once per process. Anybody can send the header, so a warning for each request could fill the log. */
function warnOfProxy(count: number): void {
  if (hasWarned) return;
  hasWarned = true;
  const setting = count === 0 ? "TRUSTED_PROXIES is 0" : "it came from outside TRUSTED_PROXY_ADDRESSES";
  log().warn(
    `X-Forwarded-For was ignored, because ${setting}. If a reverse proxy sent it, all visitors share one rate limit.`,
  );
}

/**
 * Whether the development server may open a WebSocket, which reloads pages when their sources change. In production
 * there is no listener, so Node answers an upgrade like any other request.
 */
export function mayUpgrade(request: IncomingMessage): boolean {
  const { authUrl } = env();
  const { host, origin = authUrl } = request.headers;
  return isFromOpenNetwork(request) && host === new URL(authUrl).host && origin === authUrl;
}

/**
 * Turns a request for a whole URL into one for its path at its host. The Host header does not count then (RFC 9112,
 * 3.2.2).
 */
function takeAbsoluteForm(request: IncomingMessage): void {
  const [, host, path] = /^https?:\/\/([^/?#]+)([^#]*)$/i.exec(request.url ?? "") ?? [];
  if (host === undefined) return;
  request.headers.host = host;
  request.url = path?.startsWith("/") ? path : `/${path}`;
}

const peerOf = ({ socket }: IncomingMessage): string => plainAddress(socket.remoteAddress ?? "");

/** Demo and development servers have no https, so only this machine may connect. */
function isFromOpenNetwork(request: IncomingMessage): boolean {
  const { mode } = env();
  return (mode !== "demo" && mode !== "development") || isLoopback(peerOf(request));
}

function logWhenAnswered(request: IncomingMessage, response: ServerResponse, { requestId }: InFlight): void {
  const { method } = request;
  const path = loggedPath(request.url ?? "");
  if (path.startsWith("/_next/static/")) return;
  const began = performance.now();
  response.once("finish", () => {
    const ms = Math.round(performance.now() - began);
    shared.portalMetrics?.observeRequest(
      { route: routeOf(path), method: knownMethod(method), status: String(response.statusCode) },
      ms / 1_000,
    );
    log().info({ requestId, method, path, status: response.statusCode, ms }, "request");
  });
}

/** A label must not be a word that the client chose. */
const knownMethod = (method = "") => (METHODS.includes(method) ? method : "other");

/**
 * Headers that clients cannot set. The portal sets the first ones here or in proxy.ts. The others follow from AUTH_URL.
 */
const ownHeaders = [
  doorHeader,
  "x-client-network",
  "x-request-id",
  "x-asked-within",
  "x-nonce",
  "x-locale",
  "x-path",
  "x-method",
  "x-shows-mails",
  // With this header, next-auth reports a refused sign-in as a success.
  "x-auth-return-redirect",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "forwarded",
];

function replaceHeaders(
  { headers, url = "" }: IncomingMessage,
  { inFlight, mark, authUrl }: { inFlight: InFlight; mark: string; authUrl: string },
): void {
  for (const name of ownHeaders) delete headers[name];
  // The door has judged the origin. Next.js fails to read this one as a URL.
  if (headers.origin === "null") delete headers.origin;
  // Without this header Next.js answers by HTML. After a sign-in, a script then loads the page, with its policy, instead
  // of putting it into the page that is open.
  if (url.split("?")[0] === confirmingPage) delete headers.rsc;
  if (!policies[classOf(url) ?? "page"].cookies) delete headers.cookie;
  const { host, protocol } = new URL(authUrl);
  Object.assign(headers, {
    [doorHeader]: doorMark(),
    "x-asked-within": mark,
    "x-request-id": inFlight.requestId,
    ...(inFlight.network && { "x-client-network": inFlight.network }),
    host,
    "x-forwarded-host": host,
    "x-forwarded-proto": protocol.slice(0, -1),
  });
}

/**
 * Next.js fails on a path with broken percent-encoding. No such page exists, so any spelling gives the right response.
 */
function decodable(url: string): string {
  const end = url.indexOf("?");
  const [path, query] = end < 0 ? [url, ""] : [url.slice(0, end), url.slice(end)];
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll("%", "%25") + query;
  }
}
