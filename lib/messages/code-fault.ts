import { keyIn, type KeyReading } from "@/lib/licence/product-key";
import type en from "./en.json";
import { fill } from "./fill";
import { languageTags, type Locale } from "./locale";

export type CodeWords = (typeof en)["partnerCode"]["answer"];

/** Symbols of a partner code. */
const LENGTH = 15;

/**
 * The error message for a submitted partner code. Null for a code, and for a product key, which has a review of its own.
 * Runs in the browser, and on the server for browsers without JavaScript.
 */
export function codeFault(reading: KeyReading, words: CodeWords, locale: Locale): string | null {
  if (reading.kind === "partnerCode" || keyIn(reading)) return null;
  if (reading.kind === "empty") return words.empty;
  if (reading.kind !== "invalid") return words.other;
  const { count, never } = reading;
  if (count !== LENGTH) return fill(words.length, { count });
  if (never.length === 0) return words.misread;
  const characters = new Intl.ListFormat(languageTags[locale]).format(never);
  return fill(never.length === 1 ? words.never.one : words.never.many, { characters });
}
