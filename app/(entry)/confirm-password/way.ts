import { safeNext } from "@/lib/http/safe-next";

type Way = {
  /** Where confirming leads on to. */
  next: string;
  /** This page, for whoever has to sign in on the way. */
  here: string;
  /** Where one goes who does not confirm. */
  back: string;
};

/** Reads the way from the page's address or a form. */
export function readWay(wanted: unknown): Way {
  const next = safeNext(typeof wanted === "string" ? wanted : undefined, "/home/subscriptions");
  const here = `/confirm-password?next=${encodeURIComponent(next)}`;
  // My account asks before it shows these pages: back there would lead here again.
  return { next, here, back: next.startsWith("/home/account/") ? "/home/account" : next };
}
