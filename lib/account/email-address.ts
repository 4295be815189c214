/**
 * Gives each address one spelling: NFKC, without surrounding space. Characters that a phone's keyboard or a paste adds
 * cannot make a second account. Case is kept as typed, and comparisons ignore it.
 */
export const normaliseEmail = (text: string): string => text.normalize("NFKC").trim();

/** The spelling under which rate limits count an address. Variants in case and Unicode count as one address. */
export const countedEmail = (text: string): string => normaliseEmail(text).toLowerCase();

/** Whether an account can have this address. Once normalised, it has at most 254 characters and no invisible ones. */
export function isEmailAddress(text: string): boolean {
  const address = normaliseEmail(text);
  return address.length <= 254 && /^[^@\s\p{C}]+@[^@\s\p{C}]+$/u.test(address);
}
