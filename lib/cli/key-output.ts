import "server-only";
import { stringify } from "csv-stringify/sync";
import { flushOut, writeOut } from "@/lib/cli/standard-output";
import type { KeyOrder, KeySink } from "@/lib/licence/issue-keys";
import { formatKey } from "@/lib/licence/product-key";

export const keyFormats = ["csv", "json"] as const;
export type KeyFormat = (typeof keyFormats)[number];

/** The columns of the CSV and the members of the JSON, in this order: what others read is a contract. */
const columns = ["key", "product", "months", "batch"];

const AT_A_TIME = 2_000;

/**
 * Writes issued keys to standard output as they are made: CSV with a header, or one JSON array. The beginning goes out
 * by itself before the first key, so that an output nobody reads is noticed while nothing is stored yet.
 * @param advance is told how many keys have left
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
