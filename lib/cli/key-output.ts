import "server-only";
import { stringify } from "csv-stringify/sync";
import { flushOut, writeOut } from "@/lib/cli/standard-output";
import type { ProductCode } from "@/lib/brand";
import type { KeySink } from "@/lib/licence/issue-batch";
import type { KeyOrder } from "@/lib/licence/issue-keys";
import { lookupDigest } from "@/lib/licence/key-vault";
import { codeReference } from "@/lib/licence/partners/code-reference";
import { formatKey } from "@/lib/licence/product-key";

export const keyFormats = ["csv", "json"] as const;
export type KeyFormat = (typeof keyFormats)[number];

const AT_A_TIME = 2_000;

/** Writes issued keys: see {@link output}. */
export const keyOutput = (
  format: KeyFormat,
  { product, months }: Pick<KeyOrder, "product" | "months">,
  advance: (count: number) => void,
): KeySink => output(format, (key, batch) => ({ key: formatKey(key), product, months, batch }), advance);

/** Writes issued partner codes, each with its reference: see {@link output}. */
export const codeOutput = (
  format: KeyFormat,
  { product, lookupSecret }: { product: ProductCode; lookupSecret: string },
  advance: (count: number) => void,
): KeySink => {
  const referenceOf = (code: string) => codeReference(lookupDigest(code, lookupSecret));
  const row = (code: string, batch: string) => ({
    ...{ code: formatKey(code), reference: referenceOf(code), product, batch },
  });
  return output(format, row, advance);
};

/**
 * Writes issued keys to standard output as they are made, as CSV with a header or as one JSON array. The header or the
 * opening bracket is written before the first key, so a closed output is noticed before any key is stored.
 * @param rowOf the columns of the CSV and members of the JSON. Other programs read them, so they must not change.
 * @param advance is called with the number of keys just written
 */
function output(
  format: KeyFormat,
  rowOf: (key: string, batch: string) => Record<string, string | number>,
  advance: (count: number) => void,
): KeySink {
  let batch = "";
  let kept: string[] = [];
  let separator = "";

  const json = (key: string) => JSON.stringify(rowOf(key, batch));
  const csv = (key: string) => Object.values(rowOf(key, batch));
  async function writeKept(): Promise<void> {
    const keys = kept;
    kept = [];
    if (keys.length === 0) return;
    await writeOut(format === "csv" ? stringify(keys.map(csv)) : separator + keys.map(json).join(",\n"));
    separator = ",\n";
    advance(keys.length);
  }

  return {
    async begin(batchId) {
      batch = batchId;
      await writeOut(format === "csv" ? stringify([Object.keys(rowOf("", batchId))]) : "[\n");
    },
    write(key) {
      kept.push(key);
      if (kept.length === AT_A_TIME) return writeKept();
    },
    async end() {
      await writeKept();
      if (format === "json") await writeOut("\n]\n");
      await flushOut();
    },
  };
}
