import type { ReactNode } from "react";
import { CoverageRibbon } from "@/components/coverage-ribbon";
import type { Fact } from "@/components/facts";

type SubscriptionCardProps = {
  /** The id of the card. Its heading's id derives from it. */
  id: string;
  product: string;
  state: { name: string; active: boolean };
  /** The end date, the days left, the number of devices. */
  facts: readonly Fact[];
  /** A sentence below the facts. */
  note?: string | undefined;
  ribbon?: { parts: readonly number[]; passed: number };
  /** `KeyCard`s. */
  keys: ReactNode;
  ledgerTitle: string;
  /** The ledger in words, oldest first. `end` is the end date after that line. */
  ledger: readonly { id: string; when: string; what: string; end: string }[];
};

/** One subscription: its product, end date, keys and ledger. */
export function SubscriptionCard({
  id,
  product,
  state,
  facts,
  note,
  ribbon,
  keys,
  ledgerTitle,
  ledger,
}: SubscriptionCardProps) {
  return (
    <article
      id={id}
      aria-labelledby={`${id}-product`}
      className="max-w-card rounded-lg border border-line bg-sheet px-5 pt-6 pb-2 card-shadow sm:px-8 sm:pt-7"
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
      {note && <p className="mt-5">{note}</p>}
      {ribbon && (
        <div className="mt-5">
          <CoverageRibbon {...ribbon} />
        </div>
      )}
      <ul className="mt-6">{keys}</ul>
      <div className="border-t border-line pt-5">
        <h3 className="text-small text-soft">{ledgerTitle}</h3>
        <ol className="mt-2 text-small">
          {ledger.map((line) => (
            <li
              key={line.id}
              className="grid gap-x-6 border-line py-3 not-first:border-t md:grid-cols-[11rem_minmax(0,1fr)_auto]"
            >
              <span className="text-soft">{line.when}</span>
              <span>{line.what}</span>
              <span className="font-bold">{line.end}</span>
            </li>
          ))}
        </ol>
      </div>
    </article>
  );
}
