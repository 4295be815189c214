import "server-only";

/** How much one client may cost the server. */
export type Limits = {
  /** Bytes of a request's body. */
  body: number;
  /** Milliseconds in which a request's headers must have arrived. */
  headers: number;
  /** Milliseconds in which the whole request must have arrived. */
  request: number;
  /** Milliseconds between two looks for connections that are over either time. */
  check: number;
  /** Milliseconds an idle connection is kept open. */
  keepAlive: number;
  /** Milliseconds in which requests in flight may be answered once the server is asked to stop. */
  stop: number;
};

export const limits: Limits = {
  // The longest text a form takes is a pasted email.
  body: 1_000_000,
  headers: 10_000,
  request: 60_000,
  check: 5_000,
  // Longer than reverse proxies keep theirs (60 s): otherwise one sends a request on a connection that is just being closed.
  keepAlive: 75_000,
  // Kubernetes kills a process after 30 s; the rest is for the database.
  stop: 25_000,
};
