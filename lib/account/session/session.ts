import "server-only";
import { cache } from "react";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { isUnavailable } from "@/lib/db/unavailable";
import { readBrowser } from "@/lib/account/session/browser-cookie";
import { readReference } from "@/lib/account/next-auth";
import { findSession, newReference, ownerOf, type Client, type LiveSession } from "@/lib/account/session/sessions";
import { keepTyped } from "@/lib/account/session/typed-form";

type KnownSession = { status: "none" } | ({ status: "valid" } & LiveSession);
export type Session = KnownSession | { status: "unavailable" };

/** The request's session, read once per request. A database that does not answer is never "signed out". */
export const getSession = cache(async (): Promise<Session> => {
  const reference = await readReference();
  if (!reference) return { status: "none" };
  try {
    const session = await findSession(reference);
    return session ? { status: "valid", ...session } : { status: "none" };
  } catch (error) {
    if (isUnavailable(error)) return { status: "unavailable" };
    throw error;
  }
});

/**
 * The live session, or off to sign in and back.
 * @param here the path (and query) to come back to
 * @param typed what the person has typed into the form there, by field, to find it again afterwards; no secrets
 */
export async function requireSession(here: string, typed?: Record<string, string>): Promise<LiveSession> {
  const session = await seekSession(here);
  if (session.status === "valid") return session;
  const reference = await readReference();
  if (reference && typed) {
    const accountId = await available(here, ownerOf(reference));
    if (accountId) await keepTyped(here, accountId, typed);
  }
  redirect(`/sign-in?next=${encodeURIComponent(here)}${reference ? "&ended=1" : ""}`);
}

/** The live session of somebody who has shown within 15 minutes who they are, or off to do so and back. Else as {@link requireSession}. */
export async function requireFresh(here: string, typed?: Record<string, string>): Promise<LiveSession> {
  const session = await requireSession(here, typed);
  if (session.steppedUp) return session;
  if (typed) await keepTyped(here, session.account.id, typed);
  redirect(`/confirm-password?next=${encodeURIComponent(here)}`);
}

/**
 * The live session of the person a form was made for, whom its hidden field `account` names. When somebody else has signed in
 * since, in another tab, nothing is done, what was typed waits for its writer, and the page says who it is now. Else as {@link requireSession}.
 * @param sent.fresh asks for what {@link requireFresh} asks for
 */
export async function requireSender(
  here: string,
  form: FormData,
  { typed, fresh = false }: { typed?: Record<string, string>; fresh?: boolean } = {},
): Promise<LiveSession> {
  const session = await requireSession(here, typed);
  const writer = form.get("account");
  if (writer !== session.account.id) {
    if (typed && typeof writer === "string") await keepTyped(here, writer, typed);
    redirect(`${here}${here.includes("?") ? "&" : "?"}again=account`);
  }
  return fresh ? requireFresh(here, typed) : session;
}

/** Whether there is a live session. Who may have one is not shown the page of somebody who has none. */
export async function seekSession(here: string): Promise<KnownSession> {
  const session = await getSession();
  if (session.status === "unavailable") redirect(unavailablePath(here));
  return session;
}

/** The result of `work`; when the database cannot be reached, off to the page that says so and leads back `here`. */
export async function available<T>(here: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (isUnavailable(error)) redirect(unavailablePath(here));
    throw error;
  });
}

/** The result of `work`; null when the database cannot be reached: for what goes on behind a page somebody types into. */
export async function ifAvailable<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (isUnavailable(error)) return null;
    throw error;
  });
}

const unavailablePath = (back: string) => `/unavailable?back=${encodeURIComponent(back)}`;

/**
 * Where the request came from, as the server itself saw it (see http-arrival.ts). A browser that was never signed in gets
 * a new `browser`, which it keeps when a session is entered with it.
 */
export async function readClient(): Promise<Client> {
  const seen = await headers();
  const browser = (await readBrowser()) ?? newReference();
  return { addressPrefix: seen.get("x-client-network"), userAgent: seen.get("user-agent"), browser };
}

/** Whether the page is the answer to a form: leading on from there would send the form on too. */
export const isAnswer = async (): Promise<boolean> => (await headers()).get("x-method") === "POST";
