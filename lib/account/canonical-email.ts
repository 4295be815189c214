import "server-only";
import { domainToUnicode } from "node:url";
import { mendEmail } from "@/lib/account/email-address";

/**
 * The one spelling of an address, for storing and comparing it. The host stands in Unicode, as people write it: browsers
 * send `bücher.example` or `xn--bcher-kva.example` (IDNA). Comparisons ignore case.
 */
export function normaliseEmail(text: string): string {
  const address = mendEmail(text);
  const at = address.lastIndexOf("@");
  const host = address.slice(at + 1);
  const isPlain = /^[\x00-\x7f]*$/.test(host) && !/(^|\.)xn--/i.test(host);
  return isPlain ? address : address.slice(0, at + 1) + (domainToUnicode(host) || host);
}

/** The spelling under which rate limits count an address. Variants in case and Unicode count as one address. */
export const countedEmail = (text: string): string => normaliseEmail(text).toLowerCase();
