import "server-only";
import { createHash } from "node:crypto";

/** The challenge of a verifier by PKCE's method S256 (RFC 7636, 4.2). */
export const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");
