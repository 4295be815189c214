import type { ReactNode } from "react";
import { PageHeading } from "@/components/page-heading";

type RefusalPageProps = {
  title: string;
  /** What happened, without blame. */
  what: ReactNode;
  /** The key it is about, masked. */
  about?: ReactNode;
  /** That nothing was changed, and whether the key stays good. */
  changed: string;
  nextTitle: string;
  next: readonly ReactNode[];
  /** What support can look the case up by. */
  caseCode?: { label: string; code: string };
  /** Where to go from here: button links, the likeliest first. */
  actions?: ReactNode;
};

/** A page of its own for what the person cannot mend in the field. */
export function RefusalPage({ title, what, about, changed, nextTitle, next, caseCode, actions }: RefusalPageProps) {
  return (
    <div className="max-w-measure">
      <PageHeading title={title} lead={what} />
      {about && <p className="mb-6 text-small text-soft">{about}</p>}
      <p className="border-s-4 border-green ps-5 font-bold">{changed}</p>
      <h2 className="mt-10 text-h2 tracking-tight">{nextTitle}</h2>
      <ul className="mt-4">
        {next.map((step, index) => (
          <li key={index} className="border-t border-line py-3">
            {step}
          </li>
        ))}
      </ul>
      {actions && <div className="mt-6 flex flex-wrap gap-3">{actions}</div>}
      {caseCode && (
        <p className="mt-10 border-t border-line pt-4 text-small text-soft">
          {caseCode.label}{" "}
          <code dir="ltr" className="font-mono font-bold text-ink select-all">
            {caseCode.code}
          </code>
        </p>
      )}
    </div>
  );
}
