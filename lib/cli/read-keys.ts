import "server-only";
import { buffer } from "node:stream/consumers";
import { Failure } from "@/lib/cli/failure";
import { readKey } from "@/lib/licence/product-key";

/** Shown under the help of a command that takes keys. */
export const keysByInput = `
Keys are read from standard input only, in any spelling: one per line, a pasted list, or the CSV or JSON that
\`keys issue\` printed. If one line cannot be read, nothing is done.`;

/** @throws Failure when keys are given as arguments, because they would be visible to other users and in the history */
export function refuseKeyArguments(words: readonly string[]): void {
  if (words.length === 0) return;
  throw new Failure(
    "Keys are read from standard input only. As arguments, they are visible to every user of this machine and stay in " +
      "the shell's history. Nothing was done. Write the keys to a file and end the command with: < keys.txt",
    2,
  );
}

/**
 * Reads all keys from standard input.
 * @returns distinct canonical keys in their order
 * @throws Failure when there is no key, or when a line has no readable key. The message never contains the line.
 */
export async function readKeysFromInput(): Promise<string[]> {
  if (process.stdin.isTTY) process.stderr.write("Type or paste the keys, then press Ctrl-D on a line of its own.\n");
  const keys = keysIn(decode(await buffer(process.stdin)));
  if (keys.length === 0) throw new Failure("There is no key on standard input. Nothing was done.", 2);
  return keys;
}

/** Text in UTF-8, or in UTF-16 when it begins with a byte-order mark, as Windows programs write it. */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : null;
  return new TextDecoder(utf16 ?? "utf-8").decode(bytes);
}

/** {@link readKeysFromInput} for a given text. */
export function keysIn(input: string): string[] {
  const entries = /^\s*[[{]/.test(input) ? entriesOfJson(input) : entriesOfLines(input);
  const keys = new Set<string>();
  for (const { entry, place } of entries) {
    const found = keysOf(entry);
    if (found.length === 0) throw new Failure(`${place} has no readable product key. Nothing was done.`, 2);
    for (const key of found) keys.add(key);
  }
  return [...keys];
}

type Entry = { entry: string; place: string };

function entriesOfJson(input: string): Entry[] {
  const refuse = () => new Failure("The input is not the JSON that `keys issue` prints. Nothing was done.", 2);
  let parsed: unknown;
  try {
    parsed = JSON.parse(input);
  } catch {
    throw refuse();
  }
  return [parsed].flat().map((item, index) => {
    const entry = typeof item === "string" ? item : (item as { key?: unknown } | null)?.key;
    if (typeof entry !== "string") throw refuse();
    return { entry, place: `Entry ${index + 1}` };
  });
}

function entriesOfLines(input: string): Entry[] {
  return input.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const isHeading = index === 0 && /^\uFEFF?\s*"?keys?"?\s*([,;\t:].*)?$/i.test(line);
    // A list's numbers and dashes are no part of a key.
    const entry = line.replace(/^\s*(?:\d{1,4}[.)]|[-*•])\s+/, "");
    return line.trim() === "" || isHeading ? [] : [{ entry, place: `Line ${index + 1}` }];
  });
}

/** The keys in a line. None if text next to a key looks like a mistyped key, so that the line is reported. */
function keysOf(entry: string): string[] {
  const cells = entry.split(/[,;\t]/).map((cell) => ({ keys: wellFormed(cell), symbols: countSymbols(cell) }));
  if (cells.every(({ keys }) => keys.length === 0)) return wellFormed(entry);
  const isDoubtful = ({ keys, symbols }: { keys: string[]; symbols: number }) =>
    keys.length === 0 ? symbols >= 20 && symbols <= 30 : symbols - 25 * keys.length >= 20;
  return cells.some(isDoubtful) ? [] : cells.flatMap(({ keys }) => keys);
}

/** The well-formed keys in a text. It suggests no corrections: an operator's list must be exact. */
function wellFormed(spelled: string): string[] {
  const reading = readKey(spelled);
  if (reading.kind === "productKey") return [reading.key];
  return reading.kind === "found" ? reading.keys : [];
}

const countSymbols = (text: string) => text.match(/[\p{L}\p{Nd}?]/gu)?.length ?? 0;
