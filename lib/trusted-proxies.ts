import "server-only";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** An address and the number of its bits that a network shares. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * Reverse proxies in front of the portal: `count` of them, one behind the other. The last one connects from one of
 * `networks`. Any other peer is a client, which could forge the header.
 */
export type TrustedProxies = { count: number; networks: readonly Network[] };

/** Reads an IP address or a network in CIDR notation (RFC 4632). Null for anything else. */
export function readNetwork(text: string): Network | null {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const shared = bits === undefined ? most : Number(bits);
  if (family === 0 || more.length > 0 || !/^\d*$/.test(bits ?? "") || bits === "" || shared > most) return null;
  return ipaddr.parseCIDR(`${address}/${shared}`);
}

/** Whether a peer may say for whom it connects. */
export function isTrusted(peer: string, { count, networks }: TrustedProxies): boolean {
  if (count === 0 || !isIP(peer)) return false;
  const address = ipaddr.process(peer);
  return networks.some((network) => address.kind() === network[0].kind() && address.match(network));
}
