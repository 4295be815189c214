/**
 * The one gate for every "where to go afterwards": returns `value` if it is a path on this site, else `fallback`.
 * Refused are absolute and protocol-relative addresses in all spellings browsers accept (`//`, `/\`, control
 * characters and tabs inside), so that nobody can be led off the site (CWE-601).
 */
export function safeNext(value: string | null | undefined, fallback: string): string {
  if (!value || value.length > 500 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return fallback;
  const base = "http://site.invalid";
  const url = URL.parse(value, base);
  if (!url || url.origin !== base || url.pathname.startsWith("//")) return fallback;
  return url.pathname + url.search + url.hash;
}
