import "server-only";
import { cookies } from "next/headers";
import { cookieOptions } from "@/lib/http/cookies";

/** Sets this browser to the account's language, unless another was chosen here (see proxy.ts). */
export async function carryLanguage(locale: string): Promise<void> {
  (await cookies()).set("account-lang", locale, cookieOptions());
}
