import type { ReactNode } from "react";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";

type RefusalPageProps = {
  title: string;
  /** What happened, without blame. */
  what: ReactNode;
  /** The masked key. */
  about?: ReactNode;
  /** Says that nothing changed, and whether the key stays valid. */
  changed: string;
  nextTitle: string;
  next: readonly ReactNode[];
  /** The code by which support finds the case. */
  caseCode?: { label: string; code: string; support: ReactNode };
  /** The way out as button links, the likeliest first. */
  actions: ReactNode;
};

/** A page for a problem that the person cannot fix in the field. */
export function RefusalPage({ title, what, about, changed, nextTitle, next, caseCode, actions }: RefusalPageProps) {
  return (
    <>
      <PageHeading title={title} lead={what} mark="refused" />
      <PageColumns
        aside={
          <>
            <h2 className="mb-4 text-h3">{nextTitle}</h2>
            <ul>
              {next.map((step, index) => (
                <li key={index} className="border-t border-line py-3">
                  {step}
                </li>
              ))}
            </ul>
          </>
        }
      >
        <p className="border-s-4 border-amber ps-5 font-bold">{changed}</p>
        {about && <p className="mt-4 text-small text-soft">{about}</p>}
        <div className="mt-8 flex flex-wrap gap-3">{actions}</div>
        {caseCode && (
          <p className="mt-10 border-t border-line pt-4 text-small text-soft">
            {caseCode.label}{" "}
            <code dir="ltr" className="font-mono font-bold text-ink select-all">
              {caseCode.code}
            </code>{" "}
            {caseCode.support}
          </p>
        )}
      </PageColumns>
    </>
  );
}
