import "server-only";

/**
 * The account that makes a request. It has the same shape for every kind of credential, so a use case need not know
 * which.
 */
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
  /** The credential that was used. A bearer token will be another kind. */
  credential: { kind: "cookie"; sessionId: string };
  /** Whether the person gave a password or a passkey within the last 15 minutes. */
  steppedUp: boolean;
};
