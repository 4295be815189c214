import "server-only";
import { cookies } from "next/headers";
import { cookieOptions } from "@/lib/cookie-options";
import { env } from "@/lib/env";

/** Seconds; the longest a browser keeps a cookie (RFC 6265bis, 400 days). */
const LIFETIME = 400 * 86_400;

const cookieName = () => (env().secure ? "__Host-device" : "device");

/** What this browser is known again by, so that only a sign-in from elsewhere is told by mail. It opens nothing. */
export async function readDevice(): Promise<string | null> {
  const value = (await cookies()).get(cookieName())?.value;
  return value && /^[\w-]{43}$/.test(value) ? value : null;
}

/** Makes this browser known again, from now on for as long as a cookie lasts. */
export async function rememberDevice(device: string): Promise<void> {
  (await cookies()).set(cookieName(), device, { ...cookieOptions(), maxAge: LIFETIME });
}
