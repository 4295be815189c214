import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { env } from "@/lib/env";
import { isLocale, resolveLocale } from "@/lib/messages/locale";

/** Everything but build output and the few files of public/, which next.config.js gives their headers. */
export const config = { matcher: ["/((?!_next/static/|icon\\.svg$|robots\\.txt$).*)"] };

const YEAR = 365 * 86_400;
const probes = ["/healthz", "/readyz"];

/** First in line: host, method and origin are checked, language and nonce decided. Nobody is authorised here. */
export function proxy(request: NextRequest): NextResponse {
  const { authUrl, mode, secure } = env();
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, mode === "development");
  const finish = (response: NextResponse) => withSecurityHeaders(response, policy, secure);
  const refuse = (status: number, text: string, headers?: Record<string, string>) =>
    finish(
      new NextResponse(text + "\n", { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers } }),
    );

  const { pathname, search, searchParams } = request.nextUrl;
  if (!["GET", "HEAD", "POST"].includes(request.method)) {
    return refuse(405, "Method not allowed", { Allow: "GET, HEAD, POST" });
  }
  if (request.headers.get("host") !== new URL(authUrl).host && !probes.includes(pathname)) {
    if (request.method === "POST") return refuse(421, `This site lives at ${authUrl}`);
    return finish(NextResponse.redirect(new URL(pathname + search, authUrl), 307));
  }
  if (request.method === "POST" && !isFromThisSite(request, authUrl)) {
    return refuse(403, "This request did not come from this site. Nothing was changed.");
  }

  const chosen = searchParams.get("lang");
  const chosenNow = isLocale(chosen) ? chosen : undefined;
  const locale = resolveLocale({
    query: chosen,
    chosenCookie: request.cookies.get("lang")?.value,
    accountCookie: request.cookies.get("account-lang")?.value,
    acceptLanguage: request.headers.get("accept-language"),
  });

  const headers = new Headers(request.headers);
  headers.delete("x-auth-return-redirect");
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-locale", locale);
  headers.set("x-path", pathname + search);
  if (chosenNow) headers.set("x-lang-chosen", chosenNow);
  const response = NextResponse.next({ request: { headers } });
  if (chosenNow) {
    response.cookies.set("lang", chosenNow, { path: "/", maxAge: YEAR, sameSite: "lax", httpOnly: true, secure });
  }
  return finish(response);
}

/** A browser says where a POST comes from, in Origin or at least in Sec-Fetch-Site; who says neither is refused. */
function isFromThisSite(request: NextRequest, authUrl: string): boolean {
  const origin = request.headers.get("origin");
  return origin ? origin === authUrl : request.headers.get("sec-fetch-site") === "same-origin";
}

function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function withSecurityHeaders(response: NextResponse, policy: string, secure: boolean): NextResponse {
  const { headers } = response;
  headers.set("Content-Security-Policy", policy);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("X-Frame-Options", "DENY");
  // Not no-referrer: it makes browsers send `Origin: null`, and every form without scripts would be refused.
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
  if (secure) headers.set("Strict-Transport-Security", `max-age=${2 * YEAR}; includeSubDomains`);
  return response;
}
