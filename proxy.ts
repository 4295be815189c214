import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { cookieOptions } from "@/lib/http/cookies";
import { env } from "@/lib/env";
import { isLocale, resolveLocale } from "@/lib/messages/locale";

/** Everything but build output and the few files of public/, which have neither words nor scripts. */
export const config = { matcher: ["/((?!_next/static/|icon\\.svg$|robots\\.txt$).*)"] };

const YEAR = 365 * 86_400;

/**
 * First in line within the framework: language and nonce of the answer. Foreign methods, hosts and origins were turned
 * away before it, by lib/http/front-door.ts, on paths too which never come here. Nobody is authorised here.
 */
export function proxy(request: NextRequest): NextResponse {
  const { mode, showsMails } = env();
  const { pathname, search, searchParams } = request.nextUrl;
  const nonce = randomBytes(16).toString("base64");
  // Mail programs know no styles but those on elements, and the page that shows a mail shows it as it is.
  const showsMail = showsMails && pathname.startsWith("/dev/mail/");
  const policy = contentSecurityPolicy(nonce, { development: mode === "development", inlineStyles: showsMail });

  const chosen = searchParams.get("lang");
  const chosenNow = isLocale(chosen) ? chosen : undefined;
  const locale = resolveLocale({
    query: chosen,
    chosenCookie: request.cookies.get("lang")?.value,
    accountCookie: request.cookies.get("account-lang")?.value,
    acceptLanguage: request.headers.get("accept-language"),
  });

  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-locale", locale);
  headers.set("x-path", pathname + search);
  headers.set("x-method", request.method);
  if (chosenNow) headers.set("x-lang-chosen", chosenNow);
  if (showsMails) headers.set("x-shows-mails", "yes");
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  if (chosenNow) response.cookies.set("lang", chosenNow, { ...cookieOptions(), maxAge: YEAR });
  return response;
}

function contentSecurityPolicy(
  nonce: string,
  { development, inlineStyles }: { development: boolean; inlineStyles: boolean },
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
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
