import type { ReactNode } from "react";
import { FoldingList } from "@/components/folding-list";

/** One line of the ledger in words. `end` is the subscription's end after it. */
export type DayLine = { id: string; date: string; what: ReactNode; days: string; end: string };

/** Lines that stand open. The earlier ones fold. */
export const MOST_LINES = 5;

/** What gave days to a subscription and took days from it, the newest first. */
export function DayLedger({ lines, earlier }: { lines: readonly DayLine[]; earlier: string }) {
  const items = lines.map(({ id, date, what, days, end }) => (
    <li
      key={id}
      className="break-inside-avoid border-t border-line py-3 text-small sm:grid sm:grid-cols-[11rem_minmax(0,1fr)_auto] sm:gap-x-6"
    >
      <div className="flex flex-wrap justify-between gap-x-2 whitespace-nowrap max-sm:text-note sm:contents">
        <p className="text-soft">{date}</p>
        <p className="ms-auto font-bold tabular-nums sm:order-last">{days}</p>
      </div>
      <div>
        <p>{what}</p>
        <p className="text-soft">{end}</p>
      </div>
    </li>
  ));
  return <FoldingList items={items} most={MOST_LINES} more={earlier} />;
}
