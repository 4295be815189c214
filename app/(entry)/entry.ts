import { safeNext } from "@/lib/http/safe-next";

/** Where signing in or creating an account leads on to. */
export type Entry = {
  next: string;
  /** Somebody was sent here on the way to `next`. */
  sent: boolean;
  /** Another account is wanted than the one that may be signed in. */
  switching: boolean;
};

type Given = { next?: unknown; switch?: unknown };

/** Reads an entry from an address or a form. @param otherwise where to go when nothing else is asked for */
export function readEntry(given: Given, otherwise: string): Entry {
  const wanted = typeof given.next === "string" ? given.next : undefined;
  return { next: safeNext(wanted, otherwise), sent: Boolean(wanted), switching: Boolean(given.switch) };
}

/** The address of a page of the entry, with where it leads kept. */
export function entryPath(
  page: "/sign-in" | "/create-account" | "/forgot-password",
  { next, sent, switching }: Entry,
): string {
  const query = new URLSearchParams({ ...(sent && { next }), ...(switching && { switch: "1" }) });
  return query.size > 0 ? `${page}?${query}` : page;
}
