import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import { cookieOptions } from "@/lib/http/cookies";
import { parseJson } from "@/lib/account/parse-json";

/** Seconds for signing in again after a session ended. */
const LIFETIME = 30 * 60;
/** Bytes, which base64 makes a third longer. A browser takes cookies of up to 4096 bytes. */
const LONGEST = 2_900;

const name = "typed";
const shape = z.object({ path: z.string(), accountId: z.string(), values: z.record(z.string(), z.string()) });

/**
 * Holds in this browser what somebody typed into the form at `path`, whatever its query, while they sign in again, step
 * up or enter their key again. Only the account that typed it gets it back. More than 2,900 bytes are not held. Never pass
 * a password or a key.
 * @returns whether it is held
 */
export async function holdTyped(path: string, accountId: string, values: Record<string, string>): Promise<boolean> {
  const held = Buffer.from(JSON.stringify({ path: withoutQuery(path), accountId, values }));
  if (held.length > LONGEST) return false;
  (await cookies()).set(name, held.toString("base64url"), {
    ...cookieOptions(),
    maxAge: LIFETIME,
  });
  return true;
}

/** What this account typed into the form at `path`, by field; empty when nothing is held. */
export async function findTyped(path: string, accountId: string): Promise<Partial<Record<string, string>>> {
  const cookie = (await cookies()).get(name)?.value;
  const read = cookie ? shape.safeParse(parseJson(Buffer.from(cookie, "base64url").toString())) : undefined;
  return read?.data?.path === withoutQuery(path) && read.data.accountId === accountId ? read.data.values : {};
}

/** Forgets the held text, once the form is saved or the person leaves. */
export async function dropTyped(): Promise<void> {
  const jar = await cookies();
  if (jar.has(name)) jar.delete(name);
}

const withoutQuery = (path: string): string => path.split("?")[0]!;
