import type en from "./en.json";
import { fill } from "./fill";
import type { Locale } from "./locale";

/** The messages under `errors`, or only those a form needs. */
export type ErrorWords = Partial<(typeof en)["errors"]>;

/**
 * The message for an error code such as `email.required`. An unknown code gets the general message. Runs in the browser
 * and on the server.
 * @param fault.seconds how long a lock lasts, for `{duration}`
 */
export function faultText(fault: { code: string; seconds?: number }, words: ErrorWords, locale: Locale): string {
  const found = fault.code
    .split(".")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], words);
  const template = typeof found === "string" ? found : (words.unexpected ?? "");
  return fill(template, { duration: durationOf(fault.seconds ?? 0, locale) });
}

/** "40 seconds", "3 minutes". Rounded up, so that the lock is over when the person has waited that long. */
function durationOf(seconds: number, locale: Locale): string {
  const minutes = seconds > 90;
  const unit = minutes ? "minute" : "second";
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
    minutes ? Math.ceil(seconds / 60) : seconds,
  );
}
