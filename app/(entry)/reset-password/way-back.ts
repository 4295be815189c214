import "server-only";
import { cookies } from "next/headers";
import { safeNext } from "@/lib/http/safe-next";
import { cookieOptions } from "@/lib/http/cookies";

/** Seconds; as long as the link in the mail. */
const LIFETIME = 30 * 60;

const name = "reset-next";

/** Remembers in this browser where somebody was heading who had forgotten their password: the mail's link does not know. */
export async function holdWayBack(next: string): Promise<void> {
  (await cookies()).set(name, next, { ...cookieOptions(), maxAge: LIFETIME });
}

/** Where they were heading, if it was from this browser; it is forgotten then. */
export async function takeWayBack(): Promise<string | null> {
  const jar = await cookies();
  const kept = jar.get(name)?.value;
  if (kept === undefined) return null;
  jar.delete(name);
  return safeNext(kept, "") || null;
}
