import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { formTargets } from "@/lib/app-clients";
import { env } from "@/lib/env";
import { cookieOptions, LANGUAGE_LIFETIME } from "@/lib/http/cookies";
import { doorHeader, doorMark } from "@/lib/http/door-mark";
import { classOf, confirmingPage } from "@/lib/http/policy";
import { log } from "@/lib/log";
import { isLocale, resolveLocale } from "@/lib/messages/locale";

/** All paths except build output and the files of public/, which need neither language nor nonce. */
export const config = { matcher: ["/((?!_next/static/|icon\\.svg$|robots\\.txt$).*)"] };

/**
 * Chooses the language and the nonce of a page. It authorises nobody. The front door (lib/http/front-door.ts) refuses
 * requests, also on paths that never reach this proxy. A request that did not pass the front door gets a 500.
 */
export function proxy(request: NextRequest): NextResponse {
  if (request.headers.get(doorHeader) !== doorMark()) return withoutDoor();
  const headers = new Headers(request.headers);
  headers.delete(doorHeader);
  const { pathname, search, searchParams } = request.nextUrl;
  // Programs get no page, so they need neither language nor nonce, and no cookie.
  if (classOf(pathname) === "api") return NextResponse.next({ request: { headers } });

  const { appClients, mode, showsMails } = env();
  const nonce = randomBytes(16).toString("base64");
  // Email programs know only styles on elements, and this page shows an email as it is.
  const showsMail = showsMails && pathname.startsWith("/dev/mail/");
  const policy = contentSecurityPolicy(nonce, {
    development: mode === "development",
    inlineStyles: showsMail,
    // Its form returns to the app, and the policy counts for the whole chain of redirects.
    formTargets: pathname === confirmingPage ? formTargets(appClients) : [],
  });

  const chosen = searchParams.get("lang");
  const chosenNow = isLocale(chosen) ? chosen : undefined;
  const locale = resolveLocale({
    query: chosen,
    chosenCookie: request.cookies.get("lang")?.value,
    accountCookie: request.cookies.get("account-lang")?.value,
    acceptLanguage: request.headers.get("accept-language"),
  });

  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-locale", locale);
  headers.set("x-path", pathname + search);
  headers.set("x-method", request.method);
  if (showsMails) headers.set("x-shows-mails", "yes");
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  if (chosenNow) response.cookies.set("lang", chosenNow, { ...cookieOptions(), maxAge: LANGUAGE_LIFETIME });
  return response;
}

let isLogged = false;

/** Answers a request that the front door has not checked, because the server was started without it. */
function withoutDoor(): NextResponse {
  if (!isLogged) log().error("a request did not come through lib/http/front-door.ts: start the portal by `npm start`");
  isLogged = true;
  const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  return new NextResponse("Internal Server Error\n", { status: 500, headers });
}

function contentSecurityPolicy(
  nonce: string,
  { development, inlineStyles, formTargets }: { development: boolean; inlineStyles: boolean; formTargets: string[] },
): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    development || inlineStyles ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    ["form-action 'self'", ...formTargets].join(" "),
    "frame-ancestors 'none'",
  ].join("; ");
}
