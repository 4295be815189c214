import "server-only";
import { stringify } from "csv-stringify/sync";
import { flushOut, writeOut } from "@/lib/cli/standard-output";
import type { KeyOrder, KeySink } from "@/lib/licence/issue-keys";
import { formatKey } from "@/lib/licence/product-key";

export const keyFormats = ["csv", "json"] as const;
export type KeyFormat = (typeof keyFormats)[number];

/** Columns of the CSV and members of the JSON, in this order. Other programs read them, so they must not change. */
const columns = ["key", "product", "months", "batch"];

const AT_A_TIME = 2_000;

/**
 * Writes issued keys to standard output as they are made, as CSV with a header or as one JSON array. The header or the
 * opening bracket is written before the first key, so a closed output is noticed before any key is stored.
 * @param advance is called with the number of keys just written
 */
export function keyOutput(
  format: KeyFormat,
  { product, months }: Pick<KeyOrder, "product" | "months">,
  advance: (count: number) => void,
): KeySink {
  let batch = "";
  let kept: string[] = [];
  let separator = "";

  const json = (key: string) => JSON.stringify({ key: formatKey(key), product, months, batch });
  const csv = (key: string) => [formatKey(key), product, months, batch];
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
      await writeOut(format === "csv" ? stringify([columns]) : "[\n");
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
