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
export const readTypedKey = (previewId: string | undefined): Promise<string | null> =>
  openHeld(previewId, openTypedKey);

/** As {@link readTypedKey}, for a partner code. */
export const readTypedCode = (previewId: string | undefined): Promise<string | null> =>
  openHeld(previewId, openTypedCode);

async function openHeld(previewId: string | undefined, opened: typeof openTypedKey): Promise<string | null> {
  if (!previewId) return null;
  const sealed = (await cookies()).get(prefix + previewId)?.value;
  return sealed ? opened(sealed, { previewId, now: currentTime() }) : null;
}

type Held = { kind: "key" | "code"; typed: string };

/** The key or partner code whose review, or dispute, a path leads to. Null when this browser does not hold it. */
export async function findHeld(path: string): Promise<Held | null> {
  const { pathname, searchParams } = new URL(path, "http://path");
  const previewId = searchParams.get("p") ?? undefined;
  const isOfCode = pathname === "/home/setup/partner-code/review";
  if (!isOfCode && !["/home/setup/review", "/home/setup/review/dispute"].includes(pathname)) return null;
  const typed = await (isOfCode ? readTypedCode(previewId) : readTypedKey(previewId));
  return typed === null ? null : { kind: isOfCode ? "code" : "key", typed };
}

/** Deletes every typed key and partner code from this browser. */
export async function dropTypedKeys(): Promise<void> {
  const jar = await cookies();
  for (const { name } of jar.getAll()) if (name.startsWith(prefix)) jar.delete(name);
}
