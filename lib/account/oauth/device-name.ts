import "server-only";

/** Characters of a device's name. */
const LONGEST = 60;

/**
 * A device's name as an app gives it, to be shown on the page that confirms a sign-in. Null for one without letters or
 * digits, and for one that looks like an address: anybody can make a link with a name in it.
 */
export function cleanDeviceName(given: string): string | null {
  const name = given
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}'’()+,._-]+/gu, " ")
    .trim();
  if (!/[\p{L}\p{N}]/u.test(name) || /www\.|\.\p{L}{2}/iu.test(name)) return null;
  return Array.from(name).slice(0, LONGEST).join("").trim();
}
