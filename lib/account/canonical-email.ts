import "server-only";
import { domainToUnicode } from "node:url";
import { mendEmail } from "@/lib/account/email-address";

/**
 * The canonical form of an address: the only one that is stored, compared, locked and counted. Case makes no
 * difference. The host stands in Unicode, as people write it: browsers send `bücher.example` or
 * `xn--bcher-kva.example` (IDNA).
 */
export function normaliseEmail(text: string): string {
  const address = mendEmail(text);
  const at = address.lastIndexOf("@");
  const host = address.slice(at + 1);
  const isPlain = /^[\x00-\x7f]*$/.test(host) && !/(^|\.)xn--/i.test(host);
  return folded(isPlain ? address : address.slice(0, at + 1) + (domainToUnicode(host) || host));
}

/**
 * Folds case the same way whatever stands beside a letter. The final sigma is another letter only at the end of a word,
 * and a Turkish keyboard writes a capital i with a dot, which would stay behind.
 */
const folded = (address: string): string =>
  address.toLowerCase().replaceAll("i\u0307", "i").replaceAll("ς", "σ").normalize("NFKC");
