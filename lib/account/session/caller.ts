import "server-only";

/** The account that makes a request, and how it was identified. */
export type Caller = {
  account: {
    id: string;
    name: string;
    email: string;
    /** ISO 3166-1 alpha-2. */
    country: string;
    locale: string;
    /** IANA name. */
    timeZone: string;
    emailVerifiedAt: Date | null;
  };
  /** The credential of the request: a session cookie. */
  credential: { kind: "cookie"; sessionId: string };
  /** Whether the person gave a password or a passkey within the last 15 minutes. */
  steppedUp: boolean;
};
