import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { Caller } from "@/lib/account/session/caller";
import { findLastAccount, getSession, type Session } from "@/lib/account/session/session";
import { holdTyped } from "@/lib/account/session/typed-form";
import { isOutage } from "@/lib/db/outage";

/*
 * Lets people through to a page or an action. Otherwise it redirects them to sign in, to step up, or to wait for the
 * end of an outage. Routes under app/api do not use it, because programs cannot follow such a redirect (see
 * statuses.ts).
 */

/** Text typed into a form, by field, to fill the form in again after signing in. Never a secret. */
type Typed = Record<string, string>;

/**
 * The caller, or a redirect to sign in and back.
 * @param here the path (and query) to come back to
 */
export async function requireSession(here: string, typed?: Typed): Promise<Caller> {
  const session = await seekSession(here);
  if (session.status === "valid") return session;
  if (session.ended && typed) {
    const accountId = await available(here, findLastAccount());
    if (accountId) await holdTyped(here, accountId, typed);
  }
  redirect(`/sign-in?next=${encodeURIComponent(here)}${session.ended ? "&ended=1" : ""}`);
}

/** As {@link requireSession}. Without a recent step-up, redirects to confirm, and back. */
export async function requireFresh(here: string, typed?: Typed): Promise<Caller> {
  const caller = await requireSession(here, typed);
  if (caller.steppedUp) return caller;
  if (typed) await holdTyped(here, caller.account.id, typed);
  redirect(`/confirm-password?next=${encodeURIComponent(here)}`);
}

/**
 * As {@link requireSession}, for a form whose hidden field `account` names the person it was made for. If somebody else has
 * signed in since, in another tab, the page opens again and says so. The typed text is held for the person who typed it.
 * @param sent.fresh also requires what {@link requireFresh} requires
 */
export async function requireSender(
  here: string,
  form: FormData,
  { typed, fresh = false }: { typed?: Typed; fresh?: boolean } = {},
): Promise<Caller> {
  const caller = await requireSession(here, typed);
  const writer = form.get("account");
  if (writer !== caller.account.id) {
    if (typed && typeof writer === "string") await holdTyped(here, writer, typed);
    redirect(`${here}${here.includes("?") ? "&" : "?"}again=account`);
  }
  return fresh ? requireFresh(here, typed) : caller;
}

/** The session, if there is one, for pages that also serve people who are signed out. Redirects only during an outage. */
export async function seekSession(here: string): Promise<Exclude<Session, { status: "unavailable" }>> {
  const session = await getSession();
  if (session.status === "unavailable") redirect(unavailablePath(here));
  return session;
}

/** The result of `work`. If the database cannot be reached, redirects to the page that says so and leads back `here`. */
export async function available<T>(here: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (isOutage(error)) redirect(unavailablePath(here));
    throw error;
  });
}

/** The result of `work`, or null if the database cannot be reached: for requests a page makes while somebody types. */
export async function ifAvailable<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (isOutage(error)) return null;
    throw error;
  });
}

const unavailablePath = (back: string) => `/unavailable?back=${encodeURIComponent(back)}`;

/** Whether the page is rendered in answer to a form. A redirect would then send the form on to the next page. */
export const isAnswer = async (): Promise<boolean> => (await headers()).get("x-method") === "POST";
