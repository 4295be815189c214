import type { Locale } from "@/lib/messages/locale";

const WORDS = 5;

/**
 * What makes up passphrases in a language: five words of BIP-39's list, drawn evenly, with hyphens between them, so that a
 * phone's keyboard neither corrects nor capitalises them. Only words in plain a to z are taken, which everybody can type:
 * 2048 English ones, which is 55 bits, or 1682 French ones, which is 53. The words come once; from then on it needs no network.
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

/** A whole number from 0 to below `count`, each as likely: what would favour the small ones is drawn again. */
export function evenIndex(count: number, random: RandomSource): number {
  const drawn = new Uint32Array(1);
  const fair = 2 ** 32 - (2 ** 32 % count);
  do random(drawn);
  while (drawn[0]! >= fair);
  return drawn[0]! % count;
}
