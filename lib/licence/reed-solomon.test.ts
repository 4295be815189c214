import { describe, expect, it } from "vitest";
import { checkWriter, isCodeword, nearestCodeword, syndromes } from "@/lib/licence/reed-solomon";

const LENGTH = 25;
const CHECKS = 5;
const DATA = LENGTH - CHECKS;

describe("the check equations", () => {
  it("are those of the definition, at every position", () => {
    for (let p = 0; p < LENGTH; p++) expect(syndromes(unit(p), CHECKS)).toEqual(columns[p]);
  });

  it("are linear: the syndromes of a sum are the sum of the syndromes", () => {
    const a = codeword.map((value, p) => (value * p + 7) % 29);
    const b = codeword.map((value, p) => (value + p * p) % 29);
    const expected = syndromes(a, CHECKS).map((value, k) => (value + syndromes(b, CHECKS)[k]!) % 29);
    expect(syndromes(sum(a, b), CHECKS)).toEqual(expected);
  });

  it("are all checked: a word that breaks only one of them is refused", () => {
    for (let k = 0; k < CHECKS; k++) {
      const target = columns[0]!.map((_, i) => (i === k ? 1 : 0));
      const values = solve(columns.slice(DATA), target);
      const word = [...Array<number>(DATA).fill(0), ...values];
      expect(syndromes(word, CHECKS)).toEqual(target);
      expect(isCodeword(word, CHECKS)).toBe(false);
      expect(isCodeword(word, k)).toBe(true);
    }
  });

  it("hold for every word with computed check symbols: 20 free symbols, 29^20 codewords", () => {
    for (const word of basis) expect(syndromes(word, CHECKS)).toEqual([0, 0, 0, 0, 0]);
    expect(rank(basis)).toBe(DATA);
  });
});

describe("proofs for every key at once, since the equations are linear", { timeout: 30_000 }, () => {
  it("any five columns of the check matrix have full rank: 53,130 sets, so that two keys differ in six places", () => {
    let proved = 0;
    for (const set of sets(5)) if (rank(set.map((p) => columns[p]!)) === 5) proved++;
    expect(proved).toBe(53_130);
  });

  it("one or two wrong symbols give distinct syndromes that are never zero: 235,900 patterns", () => {
    const seen = new Set([0]);
    let patterns = 0;
    for (const size of [1, 2]) {
      for (const set of sets(size)) {
        for (const values of errors(size)) {
          seen.add(packed(syndromes(at(set, values), CHECKS)));
          patterns++;
        }
      }
    }
    expect(patterns).toBe(235_900);
    expect(seen.size).toBe(235_901);
  });

  it("three wrong symbols never share syndromes with two, one or none: all 2,300 × 28³ patterns", () => {
    const near = new Uint8Array(29 ** 5);
    near[0] = 1;
    for (const size of [1, 2]) {
      for (const set of sets(size)) for (const values of errors(size)) near[trace(set, values)] = 1;
    }
    // Scaling an error scales its syndromes, and `near` contains every multiple of its entries. So the first error may
    // be 1.
    let confused = 0;
    let patterns = 0;
    for (const set of sets(3)) {
      for (const values of errors(2)) {
        confused += near[trace(set, [1, ...values])]!;
        patterns++;
      }
    }
    expect(patterns).toBe(2_300 * 28 ** 2);
    expect(confused).toBe(0);
  });

  it("two swapped groups never pass, unless they are equal", () => {
    for (const [i, j] of [...sets(2)].filter(([, second]) => second! < 5)) {
      // A swap adds the groups' difference to one group and its opposite to the other.
      const differences = group.map((t) => at([5 * i! + t, 5 * j! + t], [1, 28]));
      expect(rank(differences.map((word) => syndromes(word, CHECKS)))).toBe(5);
    }
  });

  it("five equal groups never pass, except all zero, which is no key", () => {
    const repeated = group.map((t) => Array.from({ length: LENGTH }, (_, p) => (p % 5 === t ? 1 : 0)));
    expect(rank(repeated.map((word) => syndromes(word, CHECKS)))).toBe(5);
  });

  it.each([
    ["the groups rotated to the left", (p: number) => (p + 5) % 25, [0, 1, 2, 3, 4]],
    ["the symbols rotated to the left", (p: number) => (p + 1) % 25, [0]],
    ["each group rotated to the left in place", (p: number) => p - (p % 5) + ((p + 1) % 5), [0, 5, 10, 15, 20]],
    ["the groups rotated to the right", (p: number) => (p + 20) % 25, [20, 21, 22, 23, 24]],
    ["the symbols rotated to the right", (p: number) => (p + 24) % 25, [24]],
    ["each group rotated to the right in place", (p: number) => p - (p % 5) + ((p + 4) % 5), [4, 9, 14, 19, 24]],
  ])("%s pass only if all symbols that wrap around are zero", (_, from, carried) => {
    const rotate = (word: number[]) => word.map((_, p) => word[from(p)]!);
    // The codewords that still pass form a subspace. Its dimension is 20 minus the rank of the syndromes after the
    // move.
    const broken = basis.map((word) => syndromes(rotate(word), CHECKS));
    expect(rank(broken)).toBe(carried.length);
    // Requiring zero in the carried symbols gives a subspace of the same dimension …
    expect(rank(basis.map((word) => carried.map((p) => word[p]!)))).toBe(carried.length);
    // … and it is the same one, because the syndromes depend only on the carried symbols.
    const both = basis.map((word, i) => [...carried.map((p) => word[p]!), ...broken[i]!]);
    expect(rank(both)).toBe(carried.length);
    // These zeros put a zero in first place, before or after the move, where no key has one.
    expect(carried.some((p) => p === 0 || p === from(0))).toBe(true);
  });
});

describe("the nearest codeword", { timeout: 30_000 }, () => {
  it("is found from any 20 of the 25 symbols: 53,130 sets", () => {
    let filled = 0;
    for (const set of sets(5)) {
      const torn = codeword.map((value, p) => (set.includes(p) ? -1 : value));
      if (nearestCodeword(torn, CHECKS)?.join() === codeword.join()) filled++;
    }
    expect(filled).toBe(53_130);
  });

  it("is found with any one wrong symbol and with wrong symbols at any two places: 9,100 patterns", () => {
    let found = 0;
    for (const size of [1, 2]) {
      for (const set of sets(size)) {
        for (let value = 1; value < 29; value++) {
          const wrong = sum(codeword, at(set, [value, ((value * 11 + set[0]!) % 28) + 1]));
          if (nearestCodeword(wrong, CHECKS)?.join() === codeword.join()) found++;
        }
      }
    }
    expect(found).toBe((25 + 300) * 28);
  });

  it("is none for six unreadable symbols, even when nothing else is wrong", () => {
    expect(nearestCodeword([-1, -1, -1, -1, -1, -1, ...codeword.slice(6)], CHECKS)).toBeNull();
  });

  it("changes no readable symbol when no error is allowed", () => {
    const wrong = sum(codeword, unit(7));
    expect(nearestCodeword(wrong, CHECKS)).toEqual(codeword);
    expect(nearestCodeword(wrong, CHECKS, 0)).toBeNull();
  });
});

/** 2^(k·p) by repeated doubling: column p of the check matrix, straight from its definition. */
const columns = Array.from({ length: LENGTH }, (_, p) => [1, 2, 3, 4, 5].map((k) => doubled(k * p)));
const group = [0, 1, 2, 3, 4];
const codeword = written([1, 28, 0, 3, 17, 5, 5, 22, 9, 10, 11, 0, 0, 14, 27, 2, 6, 19, 20, 8]);
const basis = Array.from({ length: DATA }, (_, p) => written(unit(p).slice(0, DATA)));

function doubled(times: number): number {
  let value = 1;
  for (let i = 0; i < times; i++) value = (value * 2) % 29;
  return value;
}

function written(data: number[]): number[] {
  const word = Uint8Array.from([...data, 1, 2, 3, 4, 5]);
  checkWriter(CHECKS)(word);
  return [...word];
}

function at(positions: number[], values: number[]): number[] {
  return Array.from({ length: LENGTH }, (_, p) => values[positions.indexOf(p)] ?? 0);
}

function unit(p: number): number[] {
  return at([p], [1]);
}

function sum(a: number[], b: number[]): number[] {
  return a.map((value, p) => (value + b[p]!) % 29);
}

function packed(sums: number[]): number {
  return sums.reduce((code, value) => code * 29 + value, 0);
}

/** `packed` syndromes of errors at these positions, computed from the columns. */
function trace(positions: number[], values: number[]): number {
  let code = 0;
  for (let k = 0; k < CHECKS; k++) {
    let value = 0;
    for (let i = 0; i < positions.length; i++) value += columns[positions[i]!]![k]! * values[i]!;
    code = code * 29 + (value % 29);
  }
  return code;
}

/** All sets of `size` positions, ascending. */
function* sets(size: number, from = 0): Generator<number[]> {
  if (size === 0) return yield [];
  for (let p = from; p < LENGTH; p++) for (const rest of sets(size - 1, p + 1)) yield [p, ...rest];
}

/** All lists of `size` values that are not zero. */
function* errors(size: number): Generator<number[]> {
  if (size === 0) return yield [];
  for (const rest of errors(size - 1)) for (let value = 1; value < 29; value++) yield [...rest, value];
}

/** Reduced row echelon form by plain elimination. The proof uses none of the code under test. */
function reduced(rows: number[][]): number[][] {
  const matrix = rows.map((row) => [...row]);
  let done = 0;
  for (let column = 0; column < matrix[0]!.length; column++) {
    const pivot = matrix.findIndex((row, i) => i >= done && row[column] !== 0);
    if (pivot < 0) continue;
    [matrix[done], matrix[pivot]] = [matrix[pivot]!, matrix[done]!];
    let inverse = 1;
    while ((inverse * matrix[done]![column]!) % 29 !== 1) inverse++;
    const lead = (matrix[done] = matrix[done]!.map((value) => (value * inverse) % 29));
    for (let i = 0; i < matrix.length; i++) {
      const factor = matrix[i]![column]!;
      if (i !== done && factor) matrix[i] = matrix[i]!.map((value, j) => (value + (29 - factor) * lead[j]!) % 29);
    }
    done++;
  }
  return matrix;
}

function rank(rows: number[][]): number {
  return reduced(rows).filter((row) => row.some((value) => value !== 0)).length;
}

/** Solves for the multiples of these columns that add up to `target`. The columns are independent, as many as rows. */
function solve(of: number[][], target: number[]): number[] {
  return reduced(target.map((value, row) => [...of.map((column) => column[row]!), value])).map((row) => row.at(-1)!);
}
