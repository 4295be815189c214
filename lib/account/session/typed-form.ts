import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import { cookieOptions } from "@/lib/http/cookies";
import { parseJson } from "@/lib/account/parse-json";

/** Seconds for signing in again after a session ended. */
const LIFETIME = 30 * 60;
/** Characters. A browser takes cookies of up to 4096 bytes. */
const LONGEST = 1_500;

const name = "typed";
const shape = z.object({ path: z.string(), accountId: z.string(), values: z.record(z.string(), z.string()) });

/**
 * Holds in this browser what somebody typed into the form at `path` while they sign in again or step up. Only the account
 * that typed it gets it back. Text of more than 1,500 characters is not held. Never pass a password or a key.
 */
export async function holdTyped(path: string, accountId: string, values: Record<string, string>): Promise<void> {
  const held = JSON.stringify({ path, accountId, values });
  if (held.length > LONGEST) return;
  (await cookies()).set(name, Buffer.from(held).toString("base64url"), {
    ...cookieOptions(),
    maxAge: LIFETIME,
  });
}

/** What this account typed into the form at `path`, by field; empty when nothing is held. */
export async function findTyped(path: string, accountId: string): Promise<Partial<Record<string, string>>> {
  const cookie = (await cookies()).get(name)?.value;
  const read = cookie ? shape.safeParse(parseJson(Buffer.from(cookie, "base64url").toString())) : undefined;
  return read?.data?.path === path && read.data.accountId === accountId ? read.data.values : {};
}

/** Forgets the held text, once the form is saved or the person leaves. */
export async function dropTyped(): Promise<void> {
  const jar = await cookies();
  if (jar.has(name)) jar.delete(name);
}
