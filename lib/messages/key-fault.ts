import { keyIn, type KeyReading } from "@/lib/licence/product-key";
import { fill } from "./fill";
import type { KeyWords } from "./key-words";
import { languageTags, type Locale } from "./locale";

/**
 * The error message for a submitted product key, shown at the field and in the error summary. Null for a text with one
 * well-formed key, and for a partner code. Runs in the browser, and on the server for browsers without JavaScript.
 */
export function keyFault(reading: KeyReading, words: KeyWords, locale: Locale): string | null {
  switch (reading.kind) {
    case "productKey":
    case "partnerCode":
      return null;
    case "empty":
      return words.empty;
    case "suggestion":
      return words.confirmSuggestion;
    case "found":
      return keyIn(reading) ? null : words.chooseFound;
    case "invalid":
      // Nothing to correct in a text that is something else.
      if (reading.reason === "notAKey") return words.invalid.notAKey;
      return [fill(words.invalid[reading.reason], { count: reading.count }), neverNote(reading.never, words, locale)]
        .filter(Boolean)
        .join(" ");
  }
}

/** Names the typed characters that no key has; empty when there are none. */
export function neverNote(never: readonly string[], words: KeyWords, locale: Locale): string {
  if (never.length === 0) return "";
  const characters = new Intl.ListFormat(languageTags[locale]).format(never.slice(0, 6));
  return fill(never.length === 1 ? words.never.one : words.never.many, { characters });
}
