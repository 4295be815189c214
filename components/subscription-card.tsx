import type { ReactNode } from "react";
import { CoverageRibbon } from "@/components/coverage-ribbon";
import { DayLedger, type DayLine } from "@/components/day-ledger";
import type { Fact } from "@/components/facts";
import { FoldingList } from "@/components/folding-list";

/** A key that gave time, and what it gave. `end` is the end of its part. */
export type KeyLine = {
  id: string;
  key: ReactNode;
  what: string;
  end: string;
  links: ReactNode;
  undo: ReactNode;
};

type SubscriptionCardProps = {
  /** The id of the card. Its heading's id derives from it. */
  id: string;
  product: string;
  state: { name: string; active: boolean };
  /** The end date, the days left, the number of devices. */
  facts: readonly Fact[];
  /** A sentence or a link below the facts. */
  note?: ReactNode;
  ribbon?: { parts: readonly number[]; passed: number };
  words: { today: string; end: string; keys: string; ledger: string };
  /** The newest first. */
  keys: { lines: readonly KeyLine[]; earlier: string; isOpen: boolean };
  /** The newest first. */
  ledger: { lines: readonly DayLine[]; earlier: string };
};

/** Keys that stand open. The earlier ones fold. */
export const MOST_KEYS = 3;

/** One subscription: its product, end date, keys, and the ledger in words. */
export function SubscriptionCard({
  id,
  product,
  state,
  facts,
  note,
  ribbon,
  words,
  keys,
  ledger,
}: SubscriptionCardProps) {
  return (
    <article
      id={id}
      aria-labelledby={`${id}-product`}
      className="rounded-lg border border-line bg-sheet px-5 pt-6 pb-2 card-shadow max-xs:px-3 sm:px-8 sm:pt-7"
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h3 id={`${id}-product`} className="text-h2 tracking-tight">
          {product}
        </h3>
        <p className={`flex items-center gap-2 font-bold ${state.active ? "text-green" : "text-soft"}`}>
          <span
            aria-hidden="true"
            className={`size-2.5 rounded-full ${state.active ? "bg-green" : "border-2 border-edge"}`}
          />
          {state.name}
        </p>
      </header>
      <dl className="mt-5 grid gap-x-8 gap-y-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-small text-soft">{name}</dt>
            <dd className="font-bold">{value}</dd>
          </div>
        ))}
      </dl>
      {note && <p className="mt-3">{note}</p>}
      {ribbon && (
        <div className="mt-5">
          <CoverageRibbon {...ribbon} words={words} />
        </div>
      )}
      {keys.lines.length > 0 && (
        <div role="group" aria-labelledby={`${id}-keys`}>
          <h4 id={`${id}-keys`} className="mt-6 mb-2 font-bold">
            {words.keys}
          </h4>
          <FoldingList
            most={MOST_KEYS}
            more={keys.earlier}
            isOpen={keys.isOpen}
            items={keys.lines.map(({ id, key, what, end, links, undo }) => (
              <li key={id} id={`key-${id}`} className="break-inside-avoid border-t border-line py-4">
                {key}
                <div className="mt-2 flex flex-wrap items-center justify-between gap-x-6 text-small text-soft">
                  <p>
                    <span className="block">{what}</span>
                    <span className="block">{end}</span>
                  </p>
                  <div className="flex flex-wrap gap-x-6">{links}</div>
                </div>
                {undo}
              </li>
            ))}
          />
        </div>
      )}
      <div role="group" aria-labelledby={`${id}-ledger`}>
        <h4 id={`${id}-ledger`} className="mt-6 mb-2 font-bold">
          {words.ledger}
        </h4>
        <DayLedger {...ledger} />
      </div>
    </article>
  );
}
