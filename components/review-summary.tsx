import type { ReactNode } from "react";
import { EmailAddress } from "@/components/email-address";
import { Facts, type Fact } from "@/components/facts";

type ReviewSummaryProps = {
  product: string;
  /** What the key gives, in one line: "12 months for 5 devices". */
  gives: string;
  /** About the key itself, beside the card on wide screens and below it on narrow ones. */
  facts: readonly Fact[];
  /** The account that gets the subscription, and a link to switch accounts. */
  account: { label: string; email: string; name: string; other: ReactNode };
  /** What *Activate* does, as a sum: the lines, then their total. */
  outcome: { title: string; lines: readonly Fact[]; total: Fact; after: string };
  /** Something to know before activating. */
  warning?: ReactNode;
  /** The form that activates, below the sum. */
  children: ReactNode;
};

/** What a key gives, to which account and until when, shown before it is used. */
export function ReviewSummary({ product, gives, facts, account, outcome, warning, children }: ReviewSummaryProps) {
  return (
    <div className="grid gap-10 lg:grid-cols-[minmax(0,36rem)_minmax(0,1fr)] lg:gap-16">
      <section className="self-start rounded-lg border border-line bg-sheet p-6 card-shadow max-xs:p-3 sm:p-8">
        <h2 className="text-h2 tracking-tight">{product}</h2>
        <p className="text-lead text-soft">{gives}</p>
        <h3 className="mt-5 border-t border-line pt-5 text-h3">{outcome.title}</h3>
        <dl className="mt-2">
          {outcome.lines.map(({ name, value }) => (
            <div key={name} className="flex flex-wrap justify-between gap-x-6 py-1">
              <dt className="text-soft">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div className="mt-2 border-t-2 border-ink pt-3">
            <dt className="text-soft">{outcome.total.name}</dt>
            <dd className="text-h2 font-bold tracking-tight max-xs:text-small">{outcome.total.value}</dd>
          </div>
        </dl>
        <p className="mt-1 text-soft">{outcome.after}</p>
        <div className="mt-5 border-t border-line pt-4">
          <p className="text-small text-soft">{account.label}</p>
          <p className="font-bold">
            <EmailAddress>{account.email}</EmailAddress>
          </p>
          <p className="text-small text-soft">
            {account.name} · {account.other}
          </p>
        </div>
        {warning && <div className="mt-5">{warning}</div>}
        <div className="mt-6">{children}</div>
      </section>
      <Facts facts={facts} />
    </div>
  );
}
