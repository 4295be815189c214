import { safeNext } from "@/lib/http/safe-next";

type Way = {
  /** Where to continue after confirming. */
  next: string;
  /** This page's path, to return to when the person must sign in first. */
  here: string;
  /** Where to go without confirming. */
  back: string;
};

/** Reads the paths from the page's URL or a form. */
export function readWay(wanted: unknown): Way {
  const next = safeNext(typeof wanted === "string" ? wanted : undefined, "/home/subscriptions");
  const here = `/confirm-password?next=${encodeURIComponent(next)}`;
  // My account asks for step-up before it shows these pages, so a back link to them would lead here again.
  return { next, here, back: next.startsWith("/home/account/") ? "/home/account" : next };
}
