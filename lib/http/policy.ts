import "server-only";

/** Every path belongs to one class, which decides the requests it accepts. */
export type PathClass = "page" | "api" | "probe" | "file";

export type Policy = {
  /** Methods that reach Next.js. All others get 405. */
  methods: readonly string[];
  /**
   * The response to another host than AUTH_URL's. `redirect` sends a GET to the site and answers 421 to a POST,
   * `refuse` answers 421, `answer` ignores the host.
   */
  otherHost: "redirect" | "refuse" | "answer";
  /**
   * Whether a POST must come from this site, by Origin or Sec-Fetch-Site. This prevents CSRF, because cookies authorise
   * the request.
   */
  postsFromThisSite: boolean;
  /** Whether Next.js sees the Cookie header. */
  cookies: boolean;
  /** The format of a refusal: plain text, or problem details (RFC 9457). */
  refusals: "text" | "problem";
};

const read = ["GET", "HEAD"];

/** The accepted requests of each class. Authorisation is not decided here but in each page, action and route. */
export const policies: Readonly<Record<PathClass, Policy>> = {
  /** Every page's path can call every server action, so this applies to all pages. */
  page: {
    methods: [...read, "POST"],
    otherHost: "redirect",
    postsFromThisSite: true,
    cookies: true,
    refusals: "text",
  },
  /** `/api/`, the tokens of apps and the public keys, for programs. Cookies are ignored, so Origin need not be checked. */
  api: {
    methods: [...read, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    otherHost: "refuse",
    postsFromThisSite: false,
    cookies: false,
    refusals: "problem",
  },
  /** For the operator, under any host name of the machine. */
  probe: { methods: read, otherHost: "answer", postsFromThisSite: true, cookies: false, refusals: "text" },
  /** Build output and the files of public/. A missing file gets a page in the language of the cookie. */
  file: { methods: read, otherHost: "redirect", postsFromThisSite: true, cookies: true, refusals: "text" },
};

/** For programs, outside `/api/`. */
const forPrograms = [
  "/.well-known/jwks.json",
  "/.well-known/apple-app-site-association",
  "/.well-known/assetlinks.json",
  "/.well-known/oauth-authorization-server",
  "/.well-known/openid-configuration",
  "/oauth/token",
  "/oauth/revoke",
];

/**
 * The page from which a person continues in an app. Its content security policy differs from all others, so browsers must
 * load it as a document: see front-door.ts.
 */
export const confirmingPage = "/oauth/authorize";

const probes = ["/healthz", "/readyz"];

/**
 * The class of a request's target (RFC 9112, 3.2), or null when it must not be answered. It is null for a target that
 * is no path. It is also null when decoding and resolving moves the path into or out of the class `api`, because Next.js could
 * then put it in another class.
 * @param target as in the request line
 */
export function classOf(target: string): PathClass | null {
  if (!target.startsWith("/")) return null;
  const path = target.split("?")[0]!;
  const isApi = isApiPath(path);
  if (isApi !== isApiPath(resolved(path))) return null;
  if (isApi) return "api";
  if (probes.includes(path)) return "probe";
  return path.startsWith("/_next/") || /\.\w+$/.test(path) ? "file" : "page";
}

/** `/api` itself is a page, for the people who write programs. Nothing below it is one. */
const isApiPath = (path: string): boolean => path.startsWith("/api/") || forPrograms.includes(path);

/** Decodes escapes, then resolves dots, backslashes and repeated slashes. */
function resolved(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Undecodable. Next.js does not decode it either.
  }
  const url = URL.parse(`http://site.invalid/${decoded.replace(/[?#]/g, "_")}`);
  return (url?.pathname ?? decoded).replace(/\/{2,}/g, "/");
}
