import "server-only";
import { randomBytes } from "node:crypto";

/** The header by which proxy.ts knows that a request came through the front door. */
export const doorHeader = "x-front-door";

// Next evaluates a module once per bundle, so the one mark hangs on the process.
const shared = globalThis as { portalDoorMark?: string };

/** What the front door writes into `doorHeader`: 256 random bits of this process, which never leave it. */
export const doorMark = (): string => (shared.portalDoorMark ??= randomBytes(32).toString("base64url"));
