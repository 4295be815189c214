import "server-only";
import { cookies } from "next/headers";
import { env } from "@/lib/env";

/** Has this browser show the account's language, unless another was chosen here (see proxy.ts). */
export async function carryLanguage(locale: string): Promise<void> {
  const options = { path: "/", sameSite: "lax" as const, httpOnly: true, secure: env().secure };
  (await cookies()).set("account-lang", locale, options);
}
