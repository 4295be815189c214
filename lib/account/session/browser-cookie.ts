import "server-only";
import { cookies } from "next/headers";
import { cookieOptions } from "@/lib/http/cookies";
import { env } from "@/lib/env";

/** Seconds. 400 days is the longest a browser keeps a cookie (RFC 6265bis). */
const LIFETIME = 400 * 86_400;

const cookieName = () => (env().secure ? "__Host-browser" : "browser");

/**
 * The secret by which this browser is recognised, so that only a sign-in from a new browser is emailed. It gives no
 * access.
 */
export async function findBrowser(): Promise<string | null> {
  const value = (await cookies()).get(cookieName())?.value;
  return value && /^[\w-]{43}$/.test(value) ? value : null;
}

/** Stores the browser's secret for as long as a cookie lasts, counted from now. */
export async function rememberBrowser(browser: string): Promise<void> {
  (await cookies()).set(cookieName(), browser, { ...cookieOptions(), maxAge: LIFETIME });
}
