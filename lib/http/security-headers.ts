import "server-only";

const YEAR = 365 * 86_400;

/**
 * Headers of every response. On pages, proxy.ts replaces this content security policy by one that allows the page's
 * scripts and styles.
 * @param secure whether the site is served over https
 */
export const securityHeaders = (secure: boolean): Record<string, string> => ({
  "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // Not no-referrer: browsers would then send `Origin: null`, and every form sent without JavaScript would be refused.
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  ...(secure && { "Strict-Transport-Security": `max-age=${2 * YEAR}; includeSubDomains` }),
});
