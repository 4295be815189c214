import { safeNext } from "@/lib/http/safe-next";

/** Where sign-in or account creation continues. */
export type Entry = {
  next: string;
  /** The person was redirected here on the way to `next`. */
  sent: boolean;
  /** The person wants another account than the one that may be signed in. */
  switching: boolean;
};

type Given = { next?: unknown; switch?: unknown };

/** Reads an entry from a URL or a form. @param otherwise the default path to continue at */
export function readEntry(given: Given, otherwise: string): Entry {
  const wanted = typeof given.next === "string" ? given.next : undefined;
  return { next: safeNext(wanted, otherwise), sent: Boolean(wanted), switching: Boolean(given.switch) };
}

/** The URL of an entry page that keeps where it continues. */
export function entryPath(
  page: "/sign-in" | "/create-account" | "/forgot-password",
  { next, sent, switching }: Entry,
): string {
  const query = new URLSearchParams({ ...(sent && { next }), ...(switching && { switch: "1" }) });
  return query.size > 0 ? `${page}?${query}` : page;
}

/** Whether the person is on the way to entering a product key or a partner code. */
export const leadsToKey = ({ next, sent, switching }: Entry): boolean =>
  sent && !switching && /^\/home\/setup\/(keys?|look|review|partner-code)\b/.test(next);
