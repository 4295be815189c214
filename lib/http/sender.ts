import "server-only";

/** Who sent a request. `addressPrefix`: an IPv4 address or an IPv6 /64. */
export type Sender = { addressPrefix: string | null; userAgent: string | null };

/** Characters of a User-Agent that are read and stored. Those of browsers have 100 to 200. */
const LONGEST_USER_AGENT = 300;

/** Reads who sent a request. The front door has determined the network. */
export const senderOf = (headers: Pick<Headers, "get">): Sender => ({
  addressPrefix: headers.get("x-client-network"),
  userAgent: headers.get("user-agent")?.slice(0, LONGEST_USER_AGENT) ?? null,
});
