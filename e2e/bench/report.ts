import { median, type Result } from "./rounds";

/** Renders a Markdown table, padded to the widest cell of each column. All columns but the first are numbers. */
export function table(heading: string[], rows: string[][]): string {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(heading), rule, ...rows.map(line)].join("\n");
}

type Measured = { name: string; floor: string; target?: number; result: Result };

export const speedHeading = ["what", "a second", "its floor", "a second", "ratio", "lowest to highest", "target", ""];

/** One row of the table of rates: medians over the rounds. */
export function speedRow({ name, floor, target, result }: Measured): string[] {
  const ratio = median(result.ratios);
  return [
    name,
    rate(median(result.own)),
    floor,
    rate(median(result.floor)),
    ratio.toFixed(2),
    `${Math.min(...result.ratios).toFixed(2)} to ${Math.max(...result.ratios).toFixed(2)}`,
    target === undefined ? "" : `≥ ${target}`,
    target !== undefined && ratio < target ? "MISSED" : "",
  ];
}

const rate = (value: number): string => Math.round(value).toLocaleString("en");
