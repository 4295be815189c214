import type { ReactElement } from "react";

type SubscriptionGroupProps = { state: string; title: string; children: readonly ReactElement[] };

/** The subscriptions in one state. Nothing is shown for a state without any. */
export function SubscriptionGroup({ state, title, children }: SubscriptionGroupProps) {
  if (children.length === 0) return null;
  return (
    <section aria-labelledby={state}>
      <h2 id={state} className="text-h2 tracking-tight">
        {title}
      </h2>
      <div className="mt-4 grid gap-8">{children}</div>
    </section>
  );
}
