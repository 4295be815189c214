/**
 * An address without what a paste, a mail program or a phone's keyboard adds to it: spaces, characters that nobody sees,
 * `mailto:`, angle brackets and a sentence's punctuation. NFKC gives each letter one spelling. Case is kept as typed.
 */
export function mendEmail(text: string): string {
  const seen = text
    .normalize("NFKC")
    .replace(/[\u00ad\u200b-\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .trim();
  return seen
    .replace(/^<(.*)>$/, "$1")
    .replace(/^mailto:/i, "")
    .replace(/[.,;:>]+$/, "")
    .trim();
}

/** One or more names with dots between them. */
const HOST = /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*$/u;
/** No mail server has such a name (RFC 6761, 6.4). Erased accounts do. */
const RESERVED = /(^|\.)invalid$/i;
const LOCAL_PART = /^[^@\s\p{C}()<>[\]\\,;:"]+$/u;

/**
 * What keeps a text from being the address of an account. Once mended, an address has at most 254 characters.
 * `host`: the part after the @ cannot be the name of a mail server.
 */
export function addressFault(text: string): "invalid" | "host" | null {
  const address = mendEmail(text);
  const [local = "", host, ...more] = address.split("@");
  if (host === undefined || more.length > 0 || address.length > 254 || !LOCAL_PART.test(local)) return "invalid";
  return HOST.test(host) && !RESERVED.test(host) ? null : "host";
}

export const isEmailAddress = (text: string): boolean => addressFault(text) === null;
