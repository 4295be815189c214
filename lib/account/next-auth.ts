import "server-only";
import { cookies } from "next/headers";
import NextAuth from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { SESSION_LIFETIME } from "@/lib/account/sessions";

/*
 * next-auth carries an opaque reference to our own session table in its cookie, and nothing else: no claims, no
 * signature, no API route. Whoever gets here with a reference has been given it by sign-in.ts or create-account.ts.
 */
declare module "next-auth" {
  interface User {
    reference?: string;
  }
}
/** `__Host-` binds the cookie to this host and to https. */
const cookieName = () => (env().secure ? "__Host-session" : "session");

const cookieOptions = () => ({ httpOnly: true, sameSite: "lax" as const, path: "/", secure: env().secure });

/** Where next-auth would remember a way back; the actions know theirs. */
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
      // Only our own actions get here, with a reference just issued; whether it is good is asked with every request.
      authorize: ({ reference }) => (typeof reference === "string" ? { reference } : null),
    }),
  ],
  logger: { error: (error) => log().error({ err: error }, "next-auth failed"), warn: () => {}, debug: () => {} },
}));

/** Puts a session's reference into this browser's cookie. @throws when it did not get there */
export async function carrySession(reference: string): Promise<void> {
  await signIn("credentials", { reference, redirect: false, redirectTo: "/" });
  (await cookies()).delete(leftOver);
  // Whether signIn threw says nothing (a request header can keep it from throwing); what is in the cookie does.
  if ((await readReference()) !== reference) throw new Error("next-auth did not set the session cookie");
}

/** Takes the session's reference out of this browser. */
export async function dropSession(): Promise<void> {
  await signOut({ redirect: false, redirectTo: "/" });
  (await cookies()).delete(leftOver);
}

/** The reference this request came with. */
export const readReference = async (): Promise<string | undefined> => (await cookies()).get(cookieName())?.value;

/** Puts a renewed reference in place of the one this browser has. */
export async function replaceReference(reference: string): Promise<void> {
  (await cookies()).set(cookieName(), reference, { ...cookieOptions(), maxAge: SESSION_LIFETIME.absolute });
}
