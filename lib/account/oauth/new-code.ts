import "server-only";
import { randomBytes } from "node:crypto";

/** Makes an authorization code: 256 random bits. The database stores only its SHA-256. */
export const newAuthorizationCode = (): string => randomBytes(32).toString("base64url");
