"use server";

import { redirect } from "next/navigation";
import { getSession } from "@/lib/account/session/session";
import { keyIn, LONGEST_TEXT, readKey } from "@/lib/licence/product-key";
import { answerAfter, formOf } from "@/app/faults";
import { holdTypedKey, MOST_HELD } from "@/app/typed-key";
import { severalPath } from "@/app/home/setup/keys/several";
import type { KeyFormState } from "@/app/home/setup/key/key-form-state";

/**
 * Holds a well-formed product key, or a partner code, and redirects to its review; without a session, to a look at what the
 * key is for, and with a code to sign-in. It neither looks the key up nor uses it.
 */
export async function verifyKey(before: KeyFormState, sent: FormData): Promise<KeyFormState> {
  const form = formOf(sent);
  const typed = String(form.get("use") ?? form.get("key") ?? "").slice(0, LONGEST_TEXT);
  const reading = readKey(typed);
  if (form.has("all") && reading.kind === "found") redirect(await holdAll(reading.keys));
  if (reading.kind === "partnerCode") redirect(await holdCode(reading.code));
  const key = keyIn(reading);
  if (!key) return { status: "invalid", typed, answer: answerAfter(before) };

  const previewId = await holdTypedKey(key);
  const session = await getSession();
  redirect(`/home/setup/${session.status === "none" ? "look" : "review"}?p=${previewId}`);
}

/** Holds a partner code. @returns the path to its review, through sign-in when needed */
const holdCode = async (code: string): Promise<string> =>
  throughSignIn(`/home/setup/partner-code/review?p=${await holdTypedKey(code)}`);

/** Holds all keys of a text, as many as a browser holds. @returns the path to their review */
async function holdAll(keys: string[]): Promise<string> {
  const ids: string[] = [];
  for (const key of keys.slice(0, MOST_HELD)) ids.push(await holdTypedKey(key));
  return throughSignIn(severalPath(ids));
}

async function throughSignIn(path: string): Promise<string> {
  const session = await getSession();
  return session.status === "none" ? `/sign-in?next=${encodeURIComponent(path)}` : path;
}
