import "server-only";

/** The most that one client may cost the server. */
export type Limits = {
  /** Bytes in a request's body. */
  body: number;
  /** Milliseconds for a request's headers to arrive. */
  headers: number;
  /** Milliseconds for the whole request to arrive. */
  request: number;
  /** Milliseconds between checks for connections over either time. */
  check: number;
  /** Milliseconds an idle connection is kept open. */
  keepAlive: number;
  /** Milliseconds for requests in flight to be answered after the server is asked to stop. */
  stop: number;
};

export const limits: Limits = {
  // The longest input of a form is a pasted email.
  body: 1_000_000,
  headers: 10_000,
  request: 60_000,
  check: 5_000,
  // Longer than reverse proxies keep a connection (60 s). Otherwise a proxy may send a request on a connection that is
  // closing.
  keepAlive: 75_000,
  // Kubernetes kills a process after 30 s. The rest is for the database.
  stop: 25_000,
};
