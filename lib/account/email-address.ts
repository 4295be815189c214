/**
 * One spelling per address: NFKC, without surrounding space, so that what a phone's keyboard or a paste adds does not
 * make another account. Case is kept as typed; comparing ignores it.
 */
export const normaliseEmail = (text: string): string => text.normalize("NFKC").trim();

/** The spelling attempts are counted under: case and Unicode variants of one address are one address. */
export const countedEmail = (text: string): string => normaliseEmail(text).toLowerCase();

/** Whether text is an address an account can have: once normalised, 254 characters at most and nothing invisible in it. */
export function isEmailAddress(text: string): boolean {
  const address = normaliseEmail(text);
  return address.length <= 254 && /^[^@\s\p{C}]+@[^@\s\p{C}]+$/u.test(address);
}
