import type { ReactNode } from "react";
import { CoverageRibbon } from "@/components/coverage-ribbon";
import type { Fact } from "@/components/facts";

/** One line of the ledger, in words. `end` is the end date after it, `key` the key that it came from. */
export type LedgerLine = { id: string; what: string; end: string; key: ReactNode; undo?: ReactNode };

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
  words: { today: string; end: string; ledger: string; earlier: string };
  /** The ledger, oldest first. The earlier lines fold. */
  earlier: { lines: readonly LedgerLine[]; isOpen: boolean };
  lines: readonly LedgerLine[];
};

/** One subscription: its product, end date, and the ledger with its keys. */
export function SubscriptionCard({
  id,
  product,
  state,
  facts,
  note,
  ribbon,
  words,
  earlier,
  lines,
}: SubscriptionCardProps) {
  return (
    <article
      id={id}
      aria-labelledby={`${id}-product`}
      className="break-inside-avoid rounded-lg border border-line bg-sheet px-5 pt-6 pb-2 card-shadow max-xs:px-3 sm:px-8 sm:pt-7"
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id={`${id}-product`} className="text-h2 tracking-tight">
          {product}
        </h2>
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
      <h3 className="mt-6 mb-2 text-small text-soft">{words.ledger}</h3>
      {earlier.lines.length > 0 && (
        <details open={earlier.isOpen} className="border-t border-line">
          <summary className="link flex min-h-target cursor-pointer items-center py-2 text-small">
            {words.earlier}
          </summary>
          <Ledger lines={earlier.lines} />
        </details>
      )}
      <Ledger lines={lines} />
    </article>
  );
}

const Ledger = ({ lines }: { lines: readonly LedgerLine[] }) => (
  <ol>
    {lines.map((line) => (
      <li key={line.id} id={`key-${line.id}`} className="border-t border-line py-4">
        {line.key}
        <p className="mt-2 flex flex-wrap justify-between gap-x-6 text-small text-soft">
          <span>{line.what}</span>
          <span>{line.end}</span>
        </p>
        {line.undo}
      </li>
    ))}
  </ol>
);
