import "server-only";
import { cookies } from "next/headers";
import { cookieOptions } from "@/lib/http/cookies";
import { env } from "@/lib/env";

/** Seconds; the longest a browser keeps a cookie (RFC 6265bis, 400 days). */
const LIFETIME = 400 * 86_400;

const cookieName = () => (env().secure ? "__Host-browser" : "browser");

/** What this browser is known again by, so that only a sign-in from elsewhere is told by mail. It opens nothing. */
export async function findBrowser(): Promise<string | null> {
  const value = (await cookies()).get(cookieName())?.value;
  return value && /^[\w-]{43}$/.test(value) ? value : null;
}

/** Makes this browser known again, from now on for as long as a cookie lasts. */
export async function rememberBrowser(browser: string): Promise<void> {
  (await cookies()).set(cookieName(), browser, { ...cookieOptions(), maxAge: LIFETIME });
}
