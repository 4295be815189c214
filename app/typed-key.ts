import "server-only";
import { cookies } from "next/headers";
import {
  newPreviewId,
  openTypedCode,
  openTypedKey,
  PREVIEW_LIFETIME,
  sealTypedKey,
} from "@/lib/licence/sealed-preview";
import { cookieOptions } from "@/lib/http/cookies";
import { currentTime } from "@/lib/clock";

const prefix = "preview-";

/** A browser holds at most this many keys. More cookies would not fit into a request's headers. */
export const MOST_HELD = 10;

/** Holds a typed key or partner code, sealed, in a cookie. @returns the preview's id, for the URL */
export async function holdTypedKey(key: string): Promise<string> {
  const jar = await cookies();
  const held = jar.getAll().filter(({ name }) => name.startsWith(prefix));
  for (const { name } of held.slice(0, Math.max(0, held.length - MOST_HELD + 1))) jar.delete(name);

  const previewId = newPreviewId();
  jar.set(prefix + previewId, sealTypedKey(key, { previewId, now: currentTime() }), {
    ...cookieOptions(),
    maxAge: PREVIEW_LIFETIME,
  });
  return previewId;
}

/** The canonical key typed for a preview. Null when this browser does not hold it, or no longer. */
export async function readTypedKey(previewId: string | undefined): Promise<string | null> {
  if (!previewId) return null;
  const sealed = (await cookies()).get(prefix + previewId)?.value;
  return sealed ? openTypedKey(sealed, { previewId, now: currentTime() }) : null;
}

/** As {@link readTypedKey}, for a partner code. */
export async function readTypedCode(previewId: string | undefined): Promise<string | null> {
  if (!previewId) return null;
  const sealed = (await cookies()).get(prefix + previewId)?.value;
  return sealed ? openTypedCode(sealed, { previewId, now: currentTime() }) : null;
}

/** Whether a path leads to the review of a partner code that this browser holds. */
export async function isCodeHeld(path: string): Promise<boolean> {
  const { pathname, searchParams } = new URL(path, "http://path");
  const isReview = pathname === "/home/setup/partner-code/review";
  return isReview && (await readTypedCode(searchParams.get("p") ?? undefined)) !== null;
}

/**
 * The canonical key whose review or dispute a path leads to. Null for other paths, and when this browser does not hold
 * it.
 */
export async function typedKeyAt(path: string): Promise<string | null> {
  const { pathname, searchParams } = new URL(path, "http://path");
  const isOfKey = ["/home/setup/review", "/home/setup/review/dispute"].includes(pathname);
  return isOfKey ? readTypedKey(searchParams.get("p") ?? undefined) : null;
}

/** Deletes every typed key and partner code from this browser. */
export async function dropTypedKeys(): Promise<void> {
  const jar = await cookies();
  for (const { name } of jar.getAll()) if (name.startsWith(prefix)) jar.delete(name);
}
