import { safeNext } from "@/lib/http/safe-next";

/** @param wanted the page's `next`: the path to return to, instead of My account */
export function wayOf(wanted: unknown): { here: string; next: string } {
  const next = safeNext(typeof wanted === "string" ? wanted : undefined, "");
  return { here: `/home/account/country${next && `?next=${encodeURIComponent(next)}`}`, next };
}
