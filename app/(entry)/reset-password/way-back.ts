import "server-only";
import { cookies } from "next/headers";
import { safeNext } from "@/lib/http/safe-next";
import { cookieOptions } from "@/lib/http/cookies";

/** Seconds. As long as the emailed link is valid. */
const LIFETIME = 30 * 60;

const name = "reset-next";

/** Remembers in this browser the page to continue at after a reset, because the emailed link does not contain it. */
export async function holdWayBack(next: string): Promise<void> {
  (await cookies()).set(name, next, { ...cookieOptions(), maxAge: LIFETIME });
}

/** The remembered page, if the reset began in this browser. Reading it forgets it. */
export async function takeWayBack(): Promise<string | null> {
  const jar = await cookies();
  const kept = jar.get(name)?.value;
  if (kept === undefined) return null;
  jar.delete(name);
  return safeNext(kept, "") || null;
}
