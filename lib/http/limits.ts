import "server-only";
import type { Room } from "@/lib/admission";

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
  /** Milliseconds in which a server that will stop is not ready but still accepts, until nobody sends it more. */
  farewell: number;
  /** Milliseconds for requests in flight to be answered after the server stopped accepting. */
  stop: number;
  /** See overload.ts. */
  pages: Room;
  forms: Room;
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
  farewell: 3_000,
  // Kubernetes kills a process after 30 s. The rest is for the database.
  stop: 25_000,
  // A page takes the processor about 10 ms: the last admitted one is answered in about half a second.
  pages: { places: 16, waiting: 64, patience: 300 },
  // An office signs in at once: its forms wait for their turn (see lib/limits/attempt.ts).
  forms: { places: 300, waiting: 0, patience: 0 },
};
