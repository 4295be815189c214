import "server-only";
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The status for a request that cannot be read: malformed or too large. */
export type Unreadable = 400 | 413;

/** A request that is being answered. */
export type InFlight = {
  /** Shown in the log and on error pages. */
  requestId: string;
  /** See networkOf. */
  network: string | null;
  /** Set when the request turns out to be malformed or too large. */
  fault?: Unreadable;
};

// Next.js evaluates a module once per bundle, so the registry is kept on `globalThis`.
const shared = globalThis as { portalInFlight?: Map<string, InFlight> };
const byMark = () => (shared.portalInFlight ??= new Map());

/**
 * Registers a request until its response is closed.
 * @returns its mark, which never leaves this process
 */
export function register(request: InFlight, response: ServerResponse): string {
  const mark = randomUUID();
  byMark().set(mark, request);
  response.once("close", () => byMark().delete(mark));
  return mark;
}

const inner = new WeakSet<IncomingMessage>();

/** Notes that Next.js sends a request to itself, within another one. */
export const noteInner = (request: IncomingMessage): void => void inner.add(request);
export const isInner = (request: IncomingMessage): boolean => inner.has(request);

/** Finds the request in flight by its mark. A forged mark finds nothing. */
export const findInFlight = (mark: unknown): InFlight | undefined => byMark().get(String(mark));
