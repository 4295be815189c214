import { isWellFormedKey, isWellFormedPartnerCode, KEY_ALPHABET, readKey } from "@/lib/licence/product-key";

/** Spaces and hyphens as HTML and URLs write them, which hide the end of a group. */
const WRITTEN_GAPS = /&(?:nbsp|#160|#xa0|shy|[nm]dash);|%(?:2D|20|C2%A0|E2%80%9[0-5])/gi;

/** Five groups of five, or three of which the first begins with 3: a key or partner code, perhaps mistyped. */
const PRINTED_GROUPS =
  /(?<![\p{L}\p{Nd}])(?:(?:[\p{L}\p{Nd}?]{5}[^\p{L}\p{Nd}?\n]{1,3}){4}|[3３][\p{L}\p{Nd}?]{4}\p{Pd}[\p{L}\p{Nd}?]{5}\p{Pd})(?=[\p{L}\p{Nd}?]{5}(?![\p{L}\p{Nd}]))/gu;

/**
 * A key with a typing error, or its first four groups: the last one stands in a field of its own. In one piece, in groups
 * with wide gaps or on lines, or letter by letter.
 */
const LIKE_KEYS = [
  /(?<![\p{L}\p{Nd}])[\p{L}\p{Nd}?]{19,26}(?![\p{L}\p{Nd}?])/gu,
  /(?<![\p{L}\p{Nd}])[\p{L}\p{Nd}?]{5}(?:[^\p{L}\p{Nd}?]{1,7}[\p{L}\p{Nd}?]{5}){3,4}(?![\p{L}\p{Nd}])/gu,
  /(?<![\p{L}\p{Nd}])[\p{L}\p{Nd}?](?:[^\p{L}\p{Nd}?]{1,2}[\p{L}\p{Nd}?]){18,25}(?![\p{L}\p{Nd}])/gu,
];

/** Masks what looks like a key, but neither a receipt's long number nor words. A last group stays. */
function maskLikeKey(found: string): string {
  const symbols = found.match(/[\p{L}\p{Nd}?]/gu) ?? [];
  const digits = symbols.filter((symbol) => /\p{Nd}/u.test(symbol)).length;
  if (digits < 3 || symbols.length - digits < 3) return found;
  let left = symbols.length >= 24 ? symbols.length - 5 : symbols.length;
  return found.replace(/[\p{L}\p{Nd}?]/gu, (symbol) => (left-- > 0 ? "•" : symbol));
}

/**
 * Masks every product key and partner code in a text but for its last group, also a mistyped one in printed groups. What
 * remains gives no key: `readKey` finds and suggests none in it.
 * @returns a text of the same length or shorter
 */
export function maskKeys(text: string): string {
  const plain = text
    .replace(WRITTEN_GAPS, " ")
    .replace(PRINTED_GROUPS, (groups) => groups.replace(/[^\s\p{Pd}]/gu, "•"));
  const masked = LIKE_KEYS.reduce((rest, like) => rest.replace(like, maskLikeKey), maskWellFormed(plain));
  // The text as a whole may still be read as one key: with an error, or with other signs for its hyphens and digits.
  const isKey = !["empty", "invalid"].includes(readKey(masked).kind);
  return isKey
    ? [...masked].map((sign, at, all) => (at < all.length - 5 && sign.trim() ? "•" : sign)).join("")
    : masked;
}

/** Masks keys and codes wherever they stand, whatever stands between their symbols. */
function maskWellFormed(text: string): string {
  const signs = [...text];
  // A sign may stand for several symbols (the ligature ﬀ), so each symbol remembers its sign.
  const places: number[] = [];
  let symbols = "";
  for (const [at, sign] of signs.entries()) {
    for (const symbol of sign.normalize("NFKC").match(/[?\p{L}\p{Nd}]/gu) ?? []) {
      symbols += capital(symbol);
      places.push(at);
    }
  }
  const hidden = new Set<number>();
  // How many symbols in a row, from the present one on, are in some key.
  let readable = 0;
  for (let start = symbols.length - 1; start >= 0; start--) {
    readable = symbols[start] === "?" ? 0 : readable + 1;
    for (const { length, isWellFormed } of printed) {
      if (readable < length || !isWellFormed(symbols.slice(start, start + length))) continue;
      for (const at of places.slice(start, start + length - 5)) hidden.add(at);
    }
  }
  return signs.map((sign, at) => (hidden.has(at) ? "•" : sign)).join("");
}

const printed = [
  { length: 25, isWellFormed: isWellFormedKey },
  { length: 15, isWellFormed: isWellFormedPartnerCode },
];

/** A symbol as keys are stored. A sign of no key becomes `?`, which is in none either. */
function capital(symbol: string): string {
  const upper = symbol.toUpperCase().replace("O", "0");
  return upper.length === 1 && KEY_ALPHABET.includes(upper) ? upper : "?";
}
