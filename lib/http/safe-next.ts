/**
 * Returns `value` if it is a path on this site, else `fallback`. Every redirect to a path from outside goes through
 * here, to prevent open redirects (CWE-601). It refuses absolute and protocol-relative URLs in every spelling that
 * browsers accept: `//`, `/\`, tabs and control characters inside.
 */
export function safeNext(value: string | null | undefined, fallback: string): string {
  if (!value || value.length > 500 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return fallback;
  const base = "http://site.invalid";
  const url = URL.parse(value, base);
  if (!url || url.origin !== base || url.pathname.startsWith("//")) return fallback;
  return url.pathname + url.search + url.hash;
}
