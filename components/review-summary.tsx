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
  /** Server action of the form that the card is. */
  action: (form: FormData) => Promise<void>;
  /** What can be done with the key. */
  choices: ReactNode;
  /** Something to know before activating. */
  warning?: ReactNode;
  /** The buttons, below all that they act on. */
  children: ReactNode;
};

/** What a key gives, to which account and until when, shown before it is used. */
export function ReviewSummary(props: ReviewSummaryProps) {
  const { product, gives, facts, account, action, choices, warning, children } = props;
  return (
    <div className="grid gap-10 lg:grid-cols-[minmax(0,36rem)_minmax(0,1fr)] lg:gap-16">
      <section className="self-start rounded-lg border border-line bg-sheet p-6 card-shadow max-xs:p-3 sm:p-8">
        <h2 className="text-h2 tracking-tight">{product}</h2>
        <p className="text-lead text-soft">{gives}</p>
        <form action={action} className="group mt-5 border-t border-line pt-5">
          {choices}
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
        </form>
      </section>
      <Facts facts={facts} />
    </div>
  );
}
