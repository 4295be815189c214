import "server-only";

/** Who sent a request of an app. `addressPrefix`: an IPv4 address or an IPv6 /64. */
export type Sender = { addressPrefix: string | null; userAgent: string | null };
