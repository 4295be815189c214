import type { ReactNode } from "react";

export type SummaryRow = {
  name: string;
  value?: ReactNode;
  /** A quieter line below the value, or in its place. */
  note?: ReactNode;
  /** A link to change or see the value. Screen readers read `what` after `label`: "Change" + "name". */
  action?: { href: string; label: string; what: string };
};

/** Names, values and a link to change each, with hairlines between the rows. Based on GOV.UK's summary list. */
export function SummaryList({ rows }: { rows: readonly SummaryRow[] }) {
  return (
    <dl className="border-b border-line">
      {rows.map(({ name, value, note, action }) => (
        <div
          key={name}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 border-t border-line py-3.5 max-xs:block sm:grid-cols-[13rem_minmax(0,1fr)_auto]"
        >
          <dt className="text-small/7 text-soft">{name}</dt>
          <dd className="min-w-0 font-bold wrap-break-word max-sm:col-span-full sm:last:col-span-2">
            {value}
            {note && <p className="text-small font-normal text-soft">{note}</p>}
          </dd>
          {action && (
            <dd className="self-start max-sm:col-start-2 max-sm:row-start-1">
              <a href={action.href} className="link -my-2 inline-flex min-h-target items-center">
                {action.label}
                <span className="sr-only">&nbsp;{action.what}</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
