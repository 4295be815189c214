import "server-only";
import { randomBytes } from "node:crypto";

/** The header that proves to proxy.ts that a request passed the front door. */
export const doorHeader = "x-front-door";

// Next.js evaluates a module once per bundle, so the mark is kept on `globalThis`.
const shared = globalThis as { portalDoorMark?: string };

/** The value of `doorHeader`: 256 random bits of this process, which never leave it. */
export const doorMark = (): string => (shared.portalDoorMark ??= randomBytes(32).toString("base64url"));
