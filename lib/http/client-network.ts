import "server-only";
import { BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { isTrusted, type TrustedProxies } from "@/lib/trusted-proxies";

/**
 * The client's address: the peer's own or, behind n trusted proxies, the n-th entry of X-Forwarded-For from the right.
 * A client can forge the entries further left. Some proxies add the client's port: `203.0.113.7:49152`,
 * `[2001:db8::7]:443`.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | string[] | undefined,
  trustedProxies: TrustedProxies,
): string {
  if (!isTrusted(peer, trustedProxies)) return peer;
  const hops = String(forwardedFor ?? "").split(",");
  const claimed = plainAddress(withoutPort(hops.at(-trustedProxies.count)?.trim() ?? ""));
  return isIP(claimed) ? claimed : peer;
}

const withoutPort = (entry: string): string =>
  entry.replace(/^\[([^\]]*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");

/** The network that rate limits count: an IPv4 address, or an IPv6 /64 (the least that RFC 6177 gives a site). */
export function networkOf(address: string): string | null {
  if (!isIP(address)) return null;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** Unwraps an IPv4 address that arrived on an IPv6 socket (`::ffff:198.51.100.1` or `::ffff:c633:6401`). */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv4 ? parsed.toString() : address;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address is this machine's own. */
export const isLoopback = (address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? "ipv4" : "ipv6");
};
