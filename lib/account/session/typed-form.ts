import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import { cookieOptions } from "@/lib/http/cookies";
import { parseJson } from "@/lib/account/parse-json";

/** Seconds in which somebody whose session ended signs in again. */
const LIFETIME = 30 * 60;
/** Characters; a browser keeps 4096 bytes. */
const LONGEST = 1_500;

const name = "typed";
const shape = z.object({ path: z.string(), accountId: z.string(), values: z.record(z.string(), z.string()) });

/**
 * Keeps in this browser what somebody typed into the form at `path` when they have to show first who they are. Only who
 * typed it gets it back. Never a password or a key.
 */
export async function keepTyped(path: string, accountId: string, values: Record<string, string>): Promise<void> {
  const kept = JSON.stringify({ path, accountId, values });
  if (kept.length > LONGEST) return;
  (await cookies()).set(name, Buffer.from(kept).toString("base64url"), {
    ...cookieOptions(),
    maxAge: LIFETIME,
  });
}

/** What this person had typed into the form at `path`, or nothing. */
export async function readTyped(path: string, accountId: string): Promise<Record<string, string>> {
  const cookie = (await cookies()).get(name)?.value;
  const read = cookie ? shape.safeParse(parseJson(Buffer.from(cookie, "base64url").toString())) : undefined;
  return read?.data?.path === path && read.data.accountId === accountId ? read.data.values : {};
}

/** Forgets it, once it was taken or the person leaves. */
export async function dropTyped(): Promise<void> {
  const jar = await cookies();
  if (jar.has(name)) jar.delete(name);
}
