"use server";

import { redirect } from "next/navigation";
import { getSession } from "@/lib/account/session/session";
import { keyIn, LONGEST_TEXT, readKey } from "@/lib/licence/product-key";
import { answerAfter, formOf } from "@/app/faults";
import { holdTypedKey } from "@/app/typed-key";
import type { KeyFormState } from "@/app/home/setup/key/key-form-state";

/**
 * Holds a well-formed product key and redirects to the review; without a session, to a look at what the key is for. It
 * neither looks the key up nor uses it.
 */
export async function verifyKey(before: KeyFormState, sent: FormData): Promise<KeyFormState> {
  const form = formOf(sent);
  const typed = String(form.get("use") ?? form.get("key") ?? "").slice(0, LONGEST_TEXT);
  const key = keyIn(readKey(typed));
  if (!key) return { status: "invalid", typed, answer: answerAfter(before) };

  const previewId = await holdTypedKey(key);
  const session = await getSession();
  redirect(`/home/setup/${session.status === "none" ? "look" : "review"}?p=${previewId}`);
}
