import "server-only";
import { cookies } from "next/headers";
import { newPreviewId, openTypedKey, PREVIEW_LIFETIME, sealTypedKey } from "@/lib/licence/sealed-preview";
import { cookieOptions } from "@/lib/http/cookies";

const prefix = "preview-";

/** More tabs than this at once are hardly a person's; the cookies of more would not fit a request's header. */
const MOST = 10;

/** Keeps a typed key, sealed, in this browser. @returns the preview's id, for the address */
export async function holdTypedKey(key: string): Promise<string> {
  const jar = await cookies();
  const kept = jar.getAll().filter(({ name }) => name.startsWith(prefix));
  for (const { name } of kept.slice(0, Math.max(0, kept.length - MOST + 1))) jar.delete(name);

  const previewId = newPreviewId();
  jar.set(prefix + previewId, sealTypedKey(key, { previewId, now: new Date() }), {
    ...cookieOptions(),
    maxAge: PREVIEW_LIFETIME,
  });
  return previewId;
}

/** The key that was typed for a preview, canonical; null when it was never kept here or that was too long ago. */
export async function readTypedKey(previewId: string | undefined): Promise<string | null> {
  if (!previewId) return null;
  const sealed = (await cookies()).get(prefix + previewId)?.value;
  return sealed ? openTypedKey(sealed, { previewId, now: new Date() }) : null;
}

/** Whether a path leads to the review of a key that is kept in this browser. */
export async function isKeyHeld(path: string): Promise<boolean> {
  const { pathname, searchParams } = new URL(path, "http://path");
  return pathname === "/home/setup/review" && (await readTypedKey(searchParams.get("p") ?? undefined)) !== null;
}

/** Forgets every typed key in this browser. */
export async function dropTypedKeys(): Promise<void> {
  const jar = await cookies();
  for (const { name } of jar.getAll()) if (name.startsWith(prefix)) jar.delete(name);
}
