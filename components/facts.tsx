import type { ReactNode } from "react";

export type Fact = { name: string; value: ReactNode };

/** A list of names and values with hairlines between them. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="@container">
      {facts.map(({ name, value }) => (
        <div key={name} className="grid gap-x-6 border-t border-line py-3 @min-[26rem]:grid-cols-[10rem_minmax(0,1fr)]">
          <dt className="text-small/7 text-soft">{name}</dt>
          <dd className="min-w-0 font-bold wrap-break-word">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
