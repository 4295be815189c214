/**
 * Reed–Solomon code over the integers modulo 29, in the form product keys use.
 *
 * A word is a list of values 0…28; c_p stands at position p, counted from the left, and any negative value says that the
 * symbol there could not be read. A word of at most 28 symbols is a codeword with r check symbols iff
 * Σ_p c_p · 2^(k·p) ≡ 0 (mod 29) for every k = 1…r. Two codewords differ in at least r + 1 places.
 *
 * I. S. Reed, G. Solomon, "Polynomial Codes over Certain Finite Fields", J. SIAM 8 (1960) 300–304;
 * erasures after G. D. Forney, "On Decoding BCH Codes", IEEE Trans. Inf. Theory 11 (1965) 549–557.
 */
type Word = ArrayLike<number>;

/** Prime, so that every value but zero has an inverse. */
export const FIELD = 29;

/** 2^0 … 2^27 modulo 29: 2 is a primitive root, so each value but zero occurs once. */
const POWERS = [1, 2, 4, 8, 16, 3, 6, 12, 24, 19, 9, 18, 7, 14, 28, 27, 25, 21, 13, 26, 23, 17, 5, 10, 20, 11, 22, 15];

/** Whether every check equation k = 1…`checks` holds. */
export function isCodeword(word: Word, checks: number): boolean {
  for (let k = 1; k <= checks; k++) if (syndrome(word, k) !== 0) return false;
  return true;
}

/** The left sides of the check equations k = 1…`checks`: all zero for a codeword, and linear in the word. */
export function syndromes(word: Word, checks: number): number[] {
  return Array.from({ length: checks }, (_, k) => syndrome(word, k + 1));
}

/**
 * Gives a function that overwrites the last `checks` symbols of a word so that it becomes a codeword. It allocates
 * nothing, for batches of millions.
 */
export function checkWriter(checks: number): (word: Uint8Array) => void {
  // The word read from the left is a polynomial, highest power first, that vanishes at 2^−1 … 2^−r.
  let generator = [1];
  for (let k = 1; k <= checks; k++) {
    const root = power(-k);
    generator = [...generator, 0].map((value, i) => modulo(value - root * (generator[i - 1] ?? 0)));
  }
  const subtract = Uint8Array.from(generator.slice(1), (value) => modulo(-value));

  return (word) => {
    const data = word.length - checks;
    word.fill(0, data);
    for (let p = 0; p < data; p++) {
      const lead = (word[p]! + word[data]!) % FIELD;
      for (let i = 0; i < checks; i++) {
        const next = i + 1 < checks ? word[data + i + 1]! : 0;
        word[data + i] = (next + lead * subtract[i]!) % FIELD;
      }
    }
    for (let i = data; i < word.length; i++) word[i] = (FIELD - word[i]!) % FIELD;
  };
}

/**
 * The codeword that agrees with all readable symbols of `word` but `mostWrong` of them or fewer.
 *
 * With e unreadable and v wrong symbols it is the right one whenever e + 2v ≤ `checks`; beyond that the answer is null or
 * another codeword. Without unreadable symbols, null is certain up to `checks` − ⌊`checks` / 2⌋ wrong ones (3 of 5).
 */
export function nearestCodeword(word: readonly number[], checks: number, mostWrong = checks): number[] | null {
  const unreadable = [...word.keys()].filter((p) => word[p]! < 0);
  const known = word.map((value) => Math.max(value, 0));
  const sums = syndromes(known, checks);
  const left = unreadable.reduce(silence, sums);

  for (let wrong = 0; wrong <= mostWrong && unreadable.length + 2 * wrong <= checks; wrong++) {
    const at = locate(left, word.length, unreadable, 0, wrong);
    if (at) return known.map((value, p) => (at.includes(p) ? modulo(value - excess(sums, at, p)) : value));
  }
  return null;
}

/** `at` and `wrong` further positions from `from` on which together explain the syndromes; `left` is what `at` leaves. */
function locate(left: number[], length: number, at: number[], from: number, wrong: number): number[] | null {
  if (wrong === 0) return left.every((sum) => sum === 0) ? at : null;
  for (let p = from; p < length; p++) {
    if (at.includes(p)) continue;
    const found = locate(silence(left, p), length, [...at, p], p + 1, wrong - 1);
    if (found) return found;
  }
  return null;
}

/**
 * Takes position p out of the syndromes, at the price of one equation: an excess e at position q contributed
 * e · X_q^k, with X_q = 2^q, and now contributes e · X_q^k · (X_q − X_p).
 */
function silence(sums: number[], p: number): number[] {
  return sums.slice(1).map((sum, k) => modulo(sum - power(p) * sums[k]!));
}

/** By how much the symbol at p exceeds the true one, when no position outside `at` is wrong. */
function excess(sums: number[], at: number[], p: number): number {
  const others = at.filter((q) => q !== p);
  const scale = others.reduce((product, q) => modulo(product * (power(p) - power(q))), power(p));
  return modulo(others.reduce(silence, sums)[0]! * power(-POWERS.indexOf(scale)));
}

function syndrome(word: Word, k: number): number {
  let sum = 0;
  for (let p = 0; p < word.length; p++) sum += word[p]! * POWERS[(k * p) % POWERS.length]!;
  return sum % FIELD;
}

function power(exponent: number): number {
  return POWERS[((exponent % POWERS.length) + POWERS.length) % POWERS.length]!;
}

function modulo(value: number): number {
  return ((value % FIELD) + FIELD) % FIELD;
}
