import "server-only";

/** Who asks, whatever they proved it with. Every reader of credentials answers this, so that a use-case need not know which. */
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
  /** How they proved it. A bearer token will be another kind. */
  credential: { kind: "cookie"; sessionId: string };
  /** Whether they gave a password or a passkey within the last 15 minutes. */
  steppedUp: boolean;
};
