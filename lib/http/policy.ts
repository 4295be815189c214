import "server-only";

/** Every path belongs to one class; the class decides who may send what there. */
export type PathClass = "page" | "api" | "probe" | "file";

export type Policy = {
  /** Methods that reach the framework; all others are answered 405. */
  methods: readonly string[];
  /**
   * A request for another host than AUTH_URL's: `redirect` sends readers to the site and answers 421 to a POST,
   * `refuse` answers 421, `answer` ignores the host.
   */
  otherHost: "redirect" | "refuse" | "answer";
  /** Whether a POST must come from this site, by Origin or Sec-Fetch-Site. Protects what a cookie authorises (CSRF). */
  postsFromThisSite: boolean;
  /** Whether the framework sees the Cookie header. */
  cookies: boolean;
  /** How a refusal is written: plain text, or problem details (RFC 9457). */
  refusals: "text" | "problem";
};

const read = ["GET", "HEAD"];

/** Who may send what where. Nobody is authorised here: that is the task of each page, action and route. */
export const policies: Readonly<Record<PathClass, Policy>> = {
  /** Every server action can be called through every page's path, so this holds for all of them. */
  page: {
    methods: [...read, "POST"],
    otherHost: "redirect",
    postsFromThisSite: true,
    cookies: true,
    refusals: "text",
  },
  /** `/api/`, for programs: a bearer token authorises, cookies count for nothing, so no Origin is asked for. */
  api: {
    methods: [...read, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    otherHost: "refuse",
    postsFromThisSite: false,
    cookies: false,
    refusals: "problem",
  },
  /** For whoever runs the machine, under whatever name it has there. */
  probe: { methods: read, otherHost: "answer", postsFromThisSite: true, cookies: false, refusals: "text" },
  /** Build output and the files of public/. A missing one is answered by a page, in the language of the cookie. */
  file: { methods: read, otherHost: "redirect", postsFromThisSite: true, cookies: true, refusals: "text" },
};

const probes = ["/healthz", "/readyz"];

/**
 * The class of a request's target (RFC 9112, 3.2), or null when it must not be answered: it is no path, or it leads to or
 * from `/api/` only once it is decoded and resolved, so that the framework could take it for another class than this.
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

const isApiPath = (path: string): boolean => path === "/api" || path.startsWith("/api/");

/** The path with escapes decoded, then dots, backslashes and repeated slashes resolved. */
function resolved(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Not decodable; the framework does not decode it either.
  }
  const url = URL.parse(`http://site.invalid/${decoded.replace(/[?#]/g, "_")}`);
  return (url?.pathname ?? decoded).replace(/\/{2,}/g, "/");
}
