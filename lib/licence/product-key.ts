import { FIELD, checkWriter, isCodeword, nearestCodeword } from "@/lib/licence/reed-solomon";

/** The symbols in the order of their values 0…28. It has no vowels, so keys contain no words, and no lookalikes. */
export const KEY_ALPHABET = "023456789BCDFGHJKMNPQRSTVWXYZ";

/** `type` is the value of the first symbol, which is printed as `2` for a key and `3` for a partner code. */
const KEY = { length: 25, checks: 5, type: 1 };
const PARTNER_CODE = { length: 15, checks: 3, type: 2 };

/**
 * UTF-16 units that one reading takes at most: more than any email, and few enough to read again on each keystroke. A
 * form that sends them stays within the limit of a request (lib/http/limits.ts).
 */
export const LONGEST_TEXT = 200_000;

/** The reading of a typed or pasted text. Its keys and codes are canonical: 25 or 15 symbols without hyphens. */
export type KeyReading =
  | { kind: "empty" }
  | { kind: "productKey"; key: string }
  | { kind: "partnerCode"; code: string }
  | KeySuggestion
  /** The distinct well-formed keys in a longer text, in order. */
  | { kind: "found"; keys: string[] }
  | {
      kind: "invalid";
      reason: InvalidReason;
      /** Symbols counted: letters, digits and question marks. */
      count: number;
      /** The distinct typed characters that never occur in a key, as capitals, in order. */
      never: string[];
    };

type InvalidReason =
  | "tooShort"
  | "tooLong"
  /** 25 symbols, too many of them unreadable. */
  | "unreadable"
  /** 25 symbols, too many of them wrong to say which. */
  | "misread"
  /** 15 symbols that are neither a partner code nor the beginning of a product key. */
  | "partnerMisread"
  /** A serial or order number. */
  | "notAKey";

/** The key that was probably meant. Use it only after the person has confirmed it. */
type KeySuggestion = {
  kind: "suggestion";
  key: string;
  /** Positions in `key`, from 0, of symbols that were added or changed. */
  at: number[];
  /** As in an invalid reading. */
  never: string[];
} & (
  | {
      /**
       * Two symbols were swapped; symbols were changed; unreadable ones were filled in; one was missing. `guessed`: the
       * repair used up all check symbols. Some key fits any 25 such symbols, so only the card can tell whether it is this.
       */
      repair: "swapped" | "changed" | "filled" | "missing" | "guessed";
    }
  | {
      /** One symbol too many: the one at index `typedAt`, from 0, of the 26 typed. */
      repair: "extra";
      typedAt: number;
    }
  | {
      /** The digits were typed without Shift on a French keyboard. `at`: the digits. */
      repair: "layout";
    }
);

/**
 * Reads a typed or pasted text. It accepts any case, hyphens, spaces, line breaks, full-width characters, and O for 0.
 * `?` and characters that never occur in a key (A E I L U 1, other scripts) count as unreadable symbols.
 *
 * - 25 symbols: with e unreadable and v wrong ones, the suggestion is right whenever e + 2v ≤ 5. With e + 2v = 5 no
 *   check symbol is left to confirm it. Then a first symbol that was not read must come out as that of an issued key. With three wrong and none unreadable, there is no suggestion.
 * - 24 or 26 symbols: one is missing or surplus. After that repair at most two of the 25 may be unfilled or unreadable,
 *   so at least three check symbols still verify the result. If two different keys fit, there is no suggestion.
 * - More symbols: the result is every well-formed key in the text. A suggestion is made only for five groups of five
 *   behind a short label.
 * - Digits typed without Shift on a French keyboard: the key they mean is suggested.
 *
 * The time is linear in the text's length.
 */
export function readKey(text: string): KeyReading {
  const reading = judge(spell(text));
  if (reading.kind !== "invalid") return reading;
  return readLayout(text) ?? readBehindLabel(text) ?? reading;
}

/** The key that a text means without any doubt: its only one, spelled as printed. Null for every other text. */
export function keyIn(reading: KeyReading): string | null {
  if (reading.kind === "productKey") return reading.key;
  return reading.kind === "found" && reading.keys.length === 1 ? reading.keys[0]! : null;
}

/** One symbol as typed, in capitals: `never` occurs in no key, `unknown` is a `?`, `suspect` would be changed. */
export type EchoCell = { symbol: string; mark: "ok" | "never" | "unknown" | "suspect" };
export type EchoGroup = EchoCell[];

/**
 * Lays out the typed text as on a card: always five groups of up to five cells. `extra` counts the symbols beyond them.
 * If a longer text contains a single key, the groups show that key. If it contains several, they stay empty until one
 * is chosen.
 */
export function echoGroups(text: string): { groups: EchoGroup[]; extra: number } {
  const typed = spell(behindLabel(text) ?? text);
  const reading = judge(typed);
  if (reading.kind === "found") return echoGroups(reading.keys.length === 1 ? reading.keys[0]! : "");

  const suspects = suspectPositions(reading);
  const cells = typed.symbols.slice(0, KEY.length).map((symbol, p): EchoCell => {
    if (symbol === "?") return { symbol, mark: "unknown" };
    if (typed.values[p]! < 0) return { symbol, mark: "never" };
    return { symbol, mark: suspects.includes(p) ? "suspect" : "ok" };
  });
  const groups = [0, 5, 10, 15, 20].map((start) => cells.slice(start, start + 5));
  return { groups, extra: typed.symbols.length - cells.length };
}

/** Groups of five with hyphens, for a key or a partner code. */
export function formatKey(canonical: string): string {
  return canonical.replace(/.{5}(?=.)/g, "$&-");
}

/** The last group, the only part of a key that is displayed and stored in the clear. The other four stay unknown. */
export function keyHint(canonical: string): string {
  return canonical.slice(-5);
}

/** Formats a key of which only the hint is known. */
export function maskKey(hint: string): string {
  return "•••••-".repeat(4) + hint;
}

/** Whether `key` is 25 symbols of the alphabet, as stored, that satisfy the check equations, the first not `0`. */
export function isWellFormedKey(key: string): boolean {
  return isKey(valuesOf(key));
}

/** Whether `code` is 15 symbols of the alphabet, as stored, that satisfy the check equations, the first a `3`. */
export function isWellFormedPartnerCode(code: string): boolean {
  return isPartnerCode(valuesOf(code));
}

/** A new key with 19 uniform random symbols (92.3 bits). `randomBytes` must be a cryptographic source of n bytes. */
export function issueProductKey(randomBytes: (n: number) => Uint8Array): string {
  return issue(KEY, writeKeyChecks, randomBytes);
}

/** A new partner code with 11 uniform random symbols (53.4 bits). `randomBytes` as for a key. */
export function issuePartnerCode(randomBytes: (n: number) => Uint8Array): string {
  return issue(PARTNER_CODE, writePartnerChecks, randomBytes);
}

/** UTF-16 units of a key that somebody types, with much between its groups. */
const LONGEST_TYPED = 80;

/** What the keys of the digits 1 to 0 type without Shift on a French keyboard. */
const FRENCH_DIGITS = "&é\"'(-è_çà";

/** The key meant by digits that were typed without Shift on a French keyboard, where 6 and the hyphen are one key. */
function readLayout(text: string): KeyReading | null {
  if (text.length > LONGEST_TYPED || !/[éèçà]/.test(text)) return null;
  const digits = (spelled: string) =>
    spelled.replace(/[&é"'(\-è_çà]/g, (sign) => String((FRENCH_DIGITS.indexOf(sign) + 1) % 10));
  const groups = text.trim().split(/(?<=^(?:.{5}.){0,4}.{5})-/u);
  for (const spelled of [digits(groups.join("")), digits(text), digits(text.replaceAll("-", ""))]) {
    const values = spell(spelled).values;
    if (!isKey(values)) continue;
    const key = write(values);
    return {
      kind: "suggestion",
      repair: "layout",
      key,
      at: [...key].flatMap((s, p) => (/\d/.test(s) ? p : [])),
      never: [],
    };
  }
  return null;
}

/** Five groups of five at the end of a short text. */
const LABELLED = /^[^\n]{1,40}?[\s:=]\s*((?:[\p{L}\p{Nd}?]{5}[^\p{L}\p{Nd}?\n]{1,3}){4}[\p{L}\p{Nd}?]{5})\W*$/u;

const behindLabel = (text: string): string | null => LABELLED.exec(text.trim())?.[1] ?? null;

/** Reads a key with a typing error behind a label, as in `Product key: 22354-…`. */
function readBehindLabel(text: string): KeyReading | null {
  const part = behindLabel(text);
  const reading = part === null ? null : judge(spell(part));
  return reading?.kind === "suggestion" ? reading : null;
}

type Spelling = { symbols: string[]; values: number[]; never: string[] };

function spell(text: string): Spelling {
  const symbols: string[] =
    text
      .slice(0, LONGEST_TEXT)
      // Long runs of combining marks take quadratic time to normalise; 30 is the bound of UAX #15, Stream-Safe Text.
      .replace(/(\p{M}{30})\p{M}+/gu, "$1")
      .normalize("NFKC")
      .slice(0, LONGEST_TEXT)
      // Spaces and hyphens as HTML and URLs write them.
      .replace(/&(?:nbsp|#160|#xa0|shy|[nm]dash);|%(?:2D|20|C2%A0|E2%80%9[0-5])/gi, " ")
      .match(/[?\p{L}\p{Nd}]/gu) ?? [];
  // Some scanners type a letter for each hyphen.
  const hyphen = symbols[5];
  if (symbols.length === 29 && hyphen && !isSymbol(hyphen) && [11, 17, 23].every((p) => symbols[p] === hyphen))
    for (const p of [23, 17, 11, 5]) symbols.splice(p, 1);
  for (const [p, symbol] of symbols.entries()) symbols[p] = capital(symbol);
  const never = new Set(symbols.filter((symbol) => symbol !== "?" && !KEY_ALPHABET.includes(symbol)));
  return { symbols, values: valuesOf(symbols), never: [...never] };
}

/** One symbol stays one: the capital of ß is two letters. */
const capital = (symbol: string): string => {
  const upper = symbol.toUpperCase();
  return upper === "O" ? "0" : [...upper].length === 1 ? upper : symbol;
};

const isSymbol = (symbol: string): boolean => KEY_ALPHABET.includes(capital(symbol)) || symbol === "?";

function judge({ symbols, values, never }: Spelling): KeyReading {
  const count = symbols.length;
  if (count === 0) return { kind: "empty" };
  if (isKey(values)) return { kind: "productKey", key: write(values) };
  if (isPartnerCode(values)) return { kind: "partnerCode", code: write(values) };

  const suggestion = suggest(values, never);
  if (suggestion) return suggestion;

  const keys = count > KEY.length + 1 ? keysWithin(values) : [];
  if (keys.length > 0) return { kind: "found", keys };
  return { kind: "invalid", reason: reasonFor(symbols, values), count, never };
}

function suggest(values: number[], never: string[]): KeySuggestion | null {
  switch (values.length) {
    case KEY.length: {
      const meant = nearestCodeword(values, KEY.checks);
      if (!meant || meant[0] === 0) return null;
      const at = differences(values, meant);
      const repair = nameOfChange(values, meant, at);
      if (repair === "guessed" && at[0] === 0 && meant[0] !== KEY.type) return null;
      return { kind: "suggestion", repair, key: write(meant), at, never };
    }
    case KEY.length - 1: {
      const only = onlyKey([...values, -1].map((_, p) => [...values.slice(0, p), -1, ...values.slice(p)]));
      return only && { kind: "suggestion", repair: "missing", ...only.repaired, never };
    }
    case KEY.length + 1: {
      const only = onlyKey(values.map((_, p) => values.filter((_, q) => q !== p)));
      return only && { kind: "suggestion", repair: "extra", ...only.repaired, typedAt: only.index, never };
    }
    default:
      return null;
  }
}

/** The only key that these words can mean, with unreadable symbols filled in. Null when none or several fit. */
function onlyKey(words: number[][]) {
  let only: { index: number; repaired: { key: string; at: number[] } } | null = null;
  for (const [index, word] of words.entries()) {
    if (word.filter((value) => value < 0).length > 2) continue;
    const meant = nearestCodeword(word, KEY.checks, 0);
    if (!meant || meant[0] === 0) continue;
    const repaired = { key: write(meant), at: differences(word, meant) };
    if (only && only.repaired.key !== repaired.key) return null;
    // Next to an equal or unreadable symbol, several repairs give the same key. Take the first with the fewest changes.
    if (!only || repaired.at.length < only.repaired.at.length) only = { index, repaired };
  }
  return only;
}

function differences(typed: number[], meant: number[]): number[] {
  return [...meant.keys()].filter((p) => typed[p] !== meant[p]);
}

function nameOfChange(typed: number[], meant: number[], at: number[]): "swapped" | "changed" | "filled" | "guessed" {
  const unreadable = at.filter((p) => typed[p]! < 0).length;
  if (unreadable + 2 * (at.length - unreadable) === KEY.checks) return "guessed";
  if (at.every((p) => typed[p]! < 0)) return "filled";
  const [p = 0, q = 0] = at;
  return at.length === 2 && typed[p] === meant[q] && typed[q] === meant[p] ? "swapped" : "changed";
}

/** Tries every position, because words may touch a key and lines may break inside it. */
function keysWithin(values: number[]): string[] {
  const keys = new Set<string>();
  for (let start = 0; start + KEY.length <= values.length; start++) {
    const word = values.slice(start, start + KEY.length);
    if (isKey(word)) keys.add(write(word));
  }
  return [...keys];
}

/** Why this text is not a key and cannot be repaired. The most specific reason comes first. */
function reasonFor(symbols: string[], values: number[]): InvalidReason {
  // At most five letters, then at least eight digits. Only one key in thousands, or its beginning, looks like this.
  if (/^[0\p{L}]{0,5}\p{Nd}{8,}$/u.test(symbols.join(""))) return "notAKey";
  if (symbols.length === PARTNER_CODE.length && values[0] !== KEY.type) return "partnerMisread";
  if (symbols.length < KEY.length) return "tooShort";
  if (symbols.length > KEY.length) return "tooLong";
  return values.filter((value) => value < 0).length >= KEY.checks ? "unreadable" : "misread";
}

function suspectPositions(reading: KeyReading): number[] {
  // The typed signs of another layout are not counted, so they have no places.
  if (reading.kind !== "suggestion" || reading.repair === "missing" || reading.repair === "layout") return [];
  return reading.repair === "extra" ? [reading.typedAt] : reading.at;
}

/** No key begins with 0: shifting the symbols of such a codeword to the left gives another codeword. */
function isKey(values: number[]): boolean {
  return values.length === KEY.length && values[0] !== 0 && isReadable(values) && isCodeword(values, KEY.checks);
}

function isPartnerCode(values: number[]): boolean {
  const { length, checks, type } = PARTNER_CODE;
  return values.length === length && values[0] === type && isReadable(values) && isCodeword(values, checks);
}

function isReadable(values: number[]): boolean {
  return values.every((value) => value >= 0);
}

function valuesOf(symbols: Iterable<string>): number[] {
  return Array.from(symbols, (symbol) => KEY_ALPHABET.indexOf(symbol));
}

function write(values: ArrayLike<number>): string {
  let text = "";
  for (let p = 0; p < values.length; p++) text += KEY_ALPHABET[values[p]!];
  return text;
}

const writeKeyChecks = /* @__PURE__ */ checkWriter(KEY.checks);
const writePartnerChecks = /* @__PURE__ */ checkWriter(PARTNER_CODE.checks);

/** Bytes from this value on are discarded. The others map to each symbol equally often (8 times). */
const FAIR = 256 - (256 % FIELD);

function issue(
  { length, checks, type }: typeof KEY,
  writeChecks: (word: Uint8Array) => void,
  randomBytes: (n: number) => Uint8Array,
): string {
  const word = new Uint8Array(length);
  word[0] = type;
  let filled = 1;
  while (filled < length - checks) {
    for (const byte of randomBytes(length)) {
      if (byte < FAIR && filled < length - checks) word[filled++] = byte % FIELD;
    }
  }
  writeChecks(word);
  return write(word);
}
