import "server-only";
import { headers } from "next/headers";
import { changeLocale } from "@/lib/account/profile/change-account";
import { isUnavailable } from "@/lib/db/unavailable";
import type { Session } from "@/lib/account/session/session";
import { isLocale } from "@/lib/messages/locale";

/** Stores a language chosen in this request (`?lang=`, see proxy.ts) in the account too, when signed in. */
export async function rememberLocale(session: Session): Promise<void> {
  const chosen = (await headers()).get("x-lang-chosen");
  if (session.status !== "valid" || !isLocale(chosen) || chosen === session.account.locale) return;
  await changeLocale({ accountId: session.account.id, locale: chosen }, { now: new Date() }).catch((error: unknown) => {
    // The page still uses the chosen language, and the cookie remembers it.
    if (!isUnavailable(error)) throw error;
  });
}
