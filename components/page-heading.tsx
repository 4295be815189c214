import type { ReactNode } from "react";

/** The one h1 of a page, the sentence below it, and what stands above it: the steps or a way back. */
export function PageHeading({ title, lead, above }: { title: string; lead?: ReactNode; above?: ReactNode }) {
  return (
    <div className="mb-8 md:mb-10">
      {above && <div className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-1 md:mb-6">{above}</div>}
      <h1 className="text-h1 tracking-tight wrap-break-word">{title}</h1>
      {lead && <div className="mt-3 max-w-measure text-lead text-pretty text-soft">{lead}</div>}
    </div>
  );
}
