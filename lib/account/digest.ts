import "server-only";
import { createHash } from "node:crypto";

/**
 * The SHA-256 of a random secret, which the database stores in its place. 32 bytes. If `?token=` occurs twice, Next.js
 * passes a list despite the type. As text, the list matches no secret.
 */
export const digestOf = (secret: string): Buffer => createHash("sha256").update(String(secret)).digest();
