import type { Locale } from "@/lib/messages/locale";

const WORDS = 5;

/**
 * Makes passphrases in a language: five uniformly drawn BIP-39 words. Hyphens between them keep a phone's keyboard from
 * correcting or capitalising. Words with letters beyond a to z are left out, so that everybody can type them. English
 * has 2048 words (55 bits), French 1682 (53 bits). After the word list has loaded, no network is needed.
 */
export async function passphrases(locale: Locale): Promise<(random: RandomSource) => string> {
  const { wordlist } =
    locale === "fr"
      ? await import("@scure/bip39/wordlists/french.js")
      : await import("@scure/bip39/wordlists/english.js");
  const plain = wordlist.filter((word) => /^[a-z]+$/.test(word));
  return (random) => Array.from({ length: WORDS }, () => plain[evenIndex(plain.length, random)]).join("-");
}

/** Fills an array with random bits, as `crypto.getRandomValues` does. */
type RandomSource = (into: Uint32Array<ArrayBuffer>) => unknown;

/** A uniform whole number from 0 to `count` − 1. Draws that would favour small numbers are rejected and repeated. */
export function evenIndex(count: number, random: RandomSource): number {
  const drawn = new Uint32Array(1);
  const fair = 2 ** 32 - (2 ** 32 % count);
  do random(drawn);
  while (drawn[0]! >= fair);
  return drawn[0]! % count;
}
