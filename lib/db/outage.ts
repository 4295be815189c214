import "server-only";
import { causes, isUnavailable } from "@/lib/db/unavailable";
import { log } from "@/lib/log";
import { count } from "@/lib/metrics";

// Next.js evaluates a module once per bundle, so what was logged is kept on `globalThis`.
const shared = globalThis as { portalOutages?: Map<string, number> };

/**
 * {@link isUnavailable}, for an error that a person meets as an outage. It counts the outage and logs it, once a minute
 * for each error code: a person sees a calm page and the operator the cause.
 */
export function isOutage(error: unknown): boolean {
  if (!isUnavailable(error)) return false;
  const code = causes(error).find((cause) => cause.code !== "")?.code ?? "unknown";
  count("outages", { code });
  const silent = (shared.portalOutages ??= new Map<string, number>());
  if (performance.now() < (silent.get(code) ?? -Infinity)) return true;
  silent.set(code, performance.now() + 60_000);
  log().warn({ err: error, code }, "an outage: people are told that the site is unavailable");
  return true;
}
