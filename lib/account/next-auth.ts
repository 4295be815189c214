import "server-only";
import { cookies } from "next/headers";
import NextAuth, { AuthError, CredentialsSignin } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cookieOptions } from "@/lib/http/cookies";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { redeemTicket } from "@/lib/account/passkeys/sign-in-with-passkey";
import { SESSION_LIFETIME, type Client } from "@/lib/account/session/sessions";

/*
 * next-auth carries an opaque reference to our own session table in its cookie, and nothing else: no claims, no
 * signature, no API route. Whoever gets here with a reference has been given it by sign-in.ts or create-account.ts; who
 * gets here with a ticket has been given it by sign-in-with-passkey.ts, and it opens one session.
 */
declare module "next-auth" {
  interface User {
    reference?: string;
  }
}
/** `__Host-` binds the cookie to this host and to https. */
const cookieName = () => (env().secure ? "__Host-session" : "session");

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
    Credentials({
      id: "passkey",
      credentials: { ticket: {}, client: {} },
      authorize: ({ ticket, client }) =>
        redeemTicket(String(ticket), { now: new Date(), client: JSON.parse(String(client)) as Client }),
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

/**
 * Has next-auth redeem a ticket and puts the session it opens into this browser's cookie.
 * @returns its reference; null when the ticket is worth nothing
 * @throws what went wrong in the program or the machine, as it was, which is not the same as a ticket refused
 */
export async function carryTicket(ticket: string, client: Client): Promise<string | null> {
  const before = await readReference();
  try {
    await signIn("passkey", { ticket, client: JSON.stringify(client), redirect: false, redirectTo: "/" });
  } catch (error) {
    if (error instanceof CredentialsSignin) return null;
    throw error instanceof AuthError && error.cause?.err ? error.cause.err : error;
  }
  (await cookies()).delete(leftOver);
  const reference = await readReference();
  if (!reference || reference === before) throw new Error("next-auth did not set the session cookie");
  return reference;
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
