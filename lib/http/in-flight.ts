import "server-only";
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

/** Status of a request that could not be read: malformed, or too large. */
export type Unreadable = 400 | 413;

/** A request that is being answered. */
export type InFlight = {
  /** Stands in the log and on error pages. */
  requestId: string;
  /** As of networkOf. */
  network: string | null;
  /** Set when the request itself turns out to be at fault. */
  fault?: Unreadable;
};

// Next evaluates a module once per bundle, so the one registry hangs on the process.
const shared = globalThis as { portalInFlight?: Map<string, InFlight> };
const byMark = () => (shared.portalInFlight ??= new Map());

/**
 * Registers a request until its response is closed.
 * @returns its mark, which nobody outside of this process sees
 */
export function register(request: InFlight, response: ServerResponse): string {
  const mark = randomUUID();
  byMark().set(mark, request);
  response.once("close", () => byMark().delete(mark));
  return mark;
}

/** The request in flight with a mark; whatever a client claims to be one finds nothing. */
export const findInFlight = (mark: unknown): InFlight | undefined => byMark().get(String(mark));
