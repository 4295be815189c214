import "server-only";
import { cookies } from "next/headers";
import NextAuth from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cookieOptions } from "@/lib/http/cookies";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { SESSION_LIFETIME } from "@/lib/account/session-lifetime";

/*
 * next-auth only sets and reads the session cookie. The cookie holds an opaque reference to our session table: no
 * claims, no signature. There is no API route. Only our actions call it, with the reference of a session they have just
 * opened.
 */
declare module "next-auth" {
  interface User {
    reference?: string;
  }
}
/** `__Host-` binds the cookie to this host and to https. */
const cookieName = () => (env().secure ? "__Host-session" : "session");

/** next-auth stores a return address in this cookie. Our actions know where to redirect, so they delete it. */
const leftOver = "callback-url";

const { signIn, signOut } = NextAuth(() => ({
  secret: env().secrets.auth,
  trustHost: true,
  useSecureCookies: env().secure,
  session: { strategy: "jwt", maxAge: SESSION_LIFETIME.absolute },
  cookies: {
    sessionToken: { name: cookieName(), options: cookieOptions() },
    callbackUrl: { name: leftOver, options: cookieOptions() },
  },
  jwt: {
    encode: ({ token }) => String(token?.reference ?? ""),
    decode: ({ token }) => (token ? { reference: token } : null),
  },
  callbacks: { jwt: ({ token, user }) => (user?.reference ? { reference: user.reference } : token) },
  providers: [
    Credentials({
      credentials: { reference: {} },
      // Nothing to check: every request looks the reference up in the session table.
      authorize: ({ reference }) => (typeof reference === "string" ? { reference } : null),
    }),
  ],
  logger: { error: (error) => log().error({ err: error }, "next-auth failed"), warn: () => {}, debug: () => {} },
}));

/** Puts a session's reference into this browser's cookie. @throws Error when the cookie was not set */
export async function carrySession(reference: string): Promise<void> {
  await signIn("credentials", { reference, redirect: false, redirectTo: "/" });
  (await cookies()).delete(leftOver);
  // A request header can keep signIn from throwing, so only the cookie shows whether it worked.
  if ((await findReference()) !== reference) throw new Error("next-auth did not set the session cookie");
}

/** Deletes this browser's session cookie. */
export async function dropSession(): Promise<void> {
  await signOut({ redirect: false, redirectTo: "/" });
  (await cookies()).delete(leftOver);
}

/** The session reference in this request's cookie; null without one. */
export const findReference = async (): Promise<string | null> => (await cookies()).get(cookieName())?.value ?? null;

/** Puts a renewed reference into the cookie this browser has already. */
export async function replaceReference(reference: string): Promise<void> {
  (await cookies()).set(cookieName(), reference, { ...cookieOptions(), maxAge: SESSION_LIFETIME.absolute });
}
