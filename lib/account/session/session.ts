import "server-only";
import { cache } from "react";
import { headers } from "next/headers";
import { isOutage } from "@/lib/db/outage";
import { senderOf } from "@/lib/http/sender";
import { findReference } from "@/lib/account/next-auth";
import { findBrowser } from "@/lib/account/session/browser-cookie";
import type { Caller } from "@/lib/account/session/caller";
import { findOwner, findSession, newReference, type Client } from "@/lib/account/session/sessions";

/** `none`: nobody is signed in here. `ended`: the browser still has the cookie of a session that is over. */
export type Session = { status: "none"; ended: boolean } | ({ status: "valid" } & Caller) | { status: "unavailable" };

/**
 * Reads the caller from the session cookie, once per request. Without a database the answer is `unavailable`, never
 * "signed out".
 */
export const getSession = cache(async (): Promise<Session> => {
  const reference = await findReference();
  if (!reference) return { status: "none", ended: false };
  try {
    const caller = await findSession(reference);
    return caller ? { status: "valid", ...caller } : { status: "none", ended: true };
  } catch (error) {
    if (isOutage(error)) return { status: "unavailable" };
    throw error;
  }
});

/** The account of this browser's session cookie, even when the session has ended. Null without a cookie. */
export async function findLastAccount(): Promise<string | null> {
  const reference = await findReference();
  return reference ? findOwner(reference) : null;
}

/**
 * Reads the client's network, which lib/http determines, and its browser. A browser without a cookie gets a new
 * `browser`, which it keeps once a session is entered with it.
 */
export async function readClient(): Promise<Client> {
  return { ...senderOf(await headers()), browser: (await findBrowser()) ?? newReference() };
}
