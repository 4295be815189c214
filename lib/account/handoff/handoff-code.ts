import "server-only";
import { createHmac } from "node:crypto";
import { env } from "@/lib/env";

/** Crockford's base 32: no I, L, O or U. */
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Characters of a code. Each is five bits. */
const LENGTH = 8;

const keyed = (use: string, text: string) =>
  createHmac("sha256", env().secrets.auth).update(`handoff-${use}:${text}`).digest();

/** The code of a hand-off: 40 bits, derived from the row's id. So a page can show it again, and no table stores it. */
export function handoffCodeOf(id: string): string {
  const digest = keyed("code", id).readBigUInt64BE();
  return Array.from({ length: LENGTH }, (_, index) => symbols[Number((digest >> BigInt(5 * index)) & 31n)]).join("");
}

/** The digest under which a code is found. A new AUTH_SECRET finds no older one. */
export const lookupOf = (code: string): Buffer => keyed("lookup", code);

/**
 * Reads a code as somebody typed it or a link carries it, in any case, with spaces and hyphens. Letters that look like a
 * symbol stand for it. Null when it cannot be a code.
 */
export function readHandoffCode(text: string): string | null {
  const code = text.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0").replace(/U/g, "V");
  return code.length === LENGTH && [...code].every((symbol) => symbols.includes(symbol)) ? code : null;
}

/** A code as people read it: two groups of four. */
export const printHandoffCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/** The path that a phone opens. */
export const handoffPath = (code: string): string => `/d/${code}`;

/** 32 bytes, the same for each exchange of one hand-off. Only the server and the device that claimed it can make them. */
export const tokenBytesOf = ({ id, verifier }: { id: string; verifier: string }): Buffer =>
  keyed("tokens", `${id}:${verifier}`);
