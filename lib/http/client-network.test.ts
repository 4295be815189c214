import { describe, expect, it } from "vitest";
import { clientAddress, networkOf } from "@/lib/http/client-network";
import { isTrusted, readNetwork } from "@/lib/trusted-proxies";

describe("the address that rate limits count", () => {
  it.each<[string, string | undefined, number, string, string]>([
    ["203.0.113.9", "198.51.100.1", 0, "203.0.113.9", "without a proxy the client's claim is ignored"],
    ["10.0.0.1", "198.51.100.1", 1, "198.51.100.1", "behind one proxy, its entry counts"],
    ["10.0.0.1", "1.1.1.1, 198.51.100.1", 1, "198.51.100.1", "entries written by the client do not count"],
    [
      "10.0.0.1",
      "1.1.1.1, 198.51.100.1, 10.0.0.2",
      2,
      "198.51.100.1",
      "behind two proxies, the last entry but one counts",
    ],
    ["10.0.0.1", "not an address", 1, "10.0.0.1", "an invalid entry falls back to the peer"],
    ["10.0.0.1", undefined, 1, "10.0.0.1", "a missing entry falls back to the peer"],
    ["10.0.0.1", "203.0.113.7:49152", 1, "203.0.113.7", "a port behind an IPv4 address is no part of it"],
    ["10.0.0.1", "[2001:db8::7]:443", 1, "2001:db8::7", "a port behind an IPv6 address is no part of it"],
    ["10.0.0.1", "[2001:db8::7]", 1, "2001:db8::7", "brackets are no part of an address"],
    ["10.0.0.1", "::ffff:c633:6401", 1, "198.51.100.1", "IPv4 mapped into IPv6 counts as IPv4, in hexadecimal too"],
    ["10.0.0.1", "::ffff:198.51.100.1", 1, "198.51.100.1", "IPv4 mapped into IPv6 counts as IPv4"],
  ])("peer %s with %j and %i trusted proxies counts as %s: %s", (peer, forwarded, proxies, expected, _why) => {
    const networks = ["10.0.0.0/8", "203.0.113.9"].map((text) => readNetwork(text)!);
    expect(clientAddress(peer, forwarded, { count: proxies, networks })).toBe(expected);
  });

  it.each<[string, boolean, string]>([
    ["10.1.2.3", true, "within the network"],
    ["192.0.2.7", true, "an address of its own"],
    ["192.0.2.8", false, "the address beside it"],
    ["::ffff:10.1.2.3", true, "IPv4 mapped into IPv6"],
    ["fd12::1", true, "IPv6"],
    ["2001:db8::1", false, "any other client, who could forge the header"],
    ["", false, "a peer that is gone"],
  ])("a peer at %j is trusted: %s (%s)", (peer, trusted) => {
    const networks = ["10.0.0.0/8", "192.0.2.7", "fc00::/7"].map((text) => readNetwork(text)!);
    expect(isTrusted(peer, { count: 1, networks })).toBe(trusted);
    expect(isTrusted(peer, { count: 0, networks })).toBe(false);
    if (!trusted) expect(clientAddress(peer, "198.51.100.1", { count: 1, networks })).toBe(peer);
  });

  it.each(["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "proxy.example", "10.0.0/8", "::/129"])(
    "%j is no network",
    (text) => {
      expect(readNetwork(text)).toBeNull();
    },
  );

  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::ffff", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["2001:db8::5", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::ffff:c633:6401", "198.51.100.1"],
    ["nonsense", null],
  ])("%s belongs to the network %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
