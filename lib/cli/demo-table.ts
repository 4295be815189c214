import "server-only";
import { products } from "@/lib/brand";
import type { Demo } from "@/lib/cli/demo-file";
import { table } from "@/lib/cli/table";

const words: Record<Demo["keys"][number]["state"], string> = {
  good: "good: starts a subscription",
  extends: "good: extends the running subscription",
  alreadyYours: "already yours",
  kept: "kept for later by the demo account",
  usedByAnother: "used by another account",
  withdrawn: "withdrawn",
  notReleased: "not released by the till",
  expired: "redeem-by date passed",
  region: "sold for another region",
  ceiling: "would pass the five-year ceiling",
  unknown: "unknown: never issued",
  mistyped: "two characters swapped",
  partnerCode: "a partner code: runs as long as the partner provides it",
};

/** Formats the demo account and keys as a table for a terminal. */
export function demoTable({ account, keys }: Demo): string {
  const rows = keys.map(({ key, state, product }) => [words[state], key, product ? products[product].name : ""]);
  const lines = [
    `Email address  ${account.email}`,
    `Password       ${account.password}`,
    "",
    table([["To try", "Key or code", "Product"], ...rows]),
  ];
  return lines.join("\n").replace(/^(?=.)/gm, "  ");
}
