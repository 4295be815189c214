"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { changeLocale } from "@/lib/account/profile/change-account";
import { cookieOptions, LANGUAGE_LIFETIME } from "@/lib/http/cookies";
import { safeNext } from "@/lib/http/safe-next";
import { isLocale } from "@/lib/messages/locale";
import { formOf } from "@/app/faults";
import { ifAvailable, seekSession } from "@/app/gate";
import { currentTime } from "@/lib/clock";

/** Sets the language of this browser's pages and of the person's emails, and returns to the page. */
export async function chooseLanguage(sent: FormData): Promise<void> {
  const form = formOf(sent);
  const back = safeNext(String(form.get("back")), "/home/setup");
  const locale = form.get("locale");
  if (!isLocale(locale)) redirect(back);
  const session = await seekSession(back);
  if (session.status === "valid") {
    // During an outage the browser at least keeps the choice.
    await ifAvailable(changeLocale({ accountId: session.account.id, locale }, { now: currentTime() }));
  }
  (await cookies()).set("lang", locale, { ...cookieOptions(), maxAge: LANGUAGE_LIFETIME });
  redirect(back);
}
