import "server-only";

/** Formats rows as aligned columns of text, with the first row as a heading. It neither wraps nor cuts a value. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [...rows.slice(0, 1).map(line), rule, ...rows.slice(1).map(line)]
    .map((text) => text.trimEnd() + "\n")
    .join("");
}

/** An instant to the minute, UTC: "2026-11-23 14:05". */
export const minuteOf = (instant: Date): string => instant.toISOString().slice(0, 16).replace("T", " ");

/** The day of an instant, UTC: "2026-11-23". */
export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
