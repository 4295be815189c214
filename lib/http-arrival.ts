import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BlockList, isIP, type Socket } from "node:net";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

type Arrival = { request: IncomingMessage; response: ServerResponse; socket: Socket };

/** Headers this site sets itself; what a client sends under these names is removed. */
const ownHeaders = ["x-client-network", "x-nonce", "x-locale", "x-lang-chosen", "x-path", "x-auth-return-redirect"];
const forwardedHeaders = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"];

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Looks at every request as the socket delivers it, before the framework sees it: whom it comes from (which the
 * framework no longer tells), a request id, and one log line when it is answered.
 */
export function watchArrivals(): void {
  const shared = globalThis as { portalArrivals?: boolean };
  if (shared.portalArrivals) return;
  shared.portalArrivals = true;

  const { mode, trustedProxies } = env();
  const onlyLoopback = mode === "demo" || mode === "development";
  subscribe("http.server.request.start", (message) => {
    const { request, response, socket } = message as Arrival;
    const peer = plainAddress(socket.remoteAddress ?? "");
    if (onlyLoopback && !isLoopback(peer)) return void socket.destroy();

    const network = networkOf(clientAddress(peer, request.headers["x-forwarded-for"], trustedProxies));
    for (const name of trustedProxies === 0 ? [...ownHeaders, ...forwardedHeaders] : ownHeaders)
      delete request.headers[name];
    if (network) request.headers["x-client-network"] = network;
    const requestId = randomUUID();
    request.headers["x-request-id"] = requestId;

    const began = performance.now();
    response.once("finish", () => {
      const path = request.url?.split("?")[0] ?? "";
      if (path.startsWith("/_next/static/")) return;
      const ms = Math.round(performance.now() - began);
      log().info({ requestId, method: request.method, path, status: response.statusCode, ms }, "request");
    });
  });
}

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
