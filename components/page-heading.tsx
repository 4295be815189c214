import type { ReactNode } from "react";
import { DoneIcon } from "@/components/icons";

type PageHeadingProps = { title: string; lead?: ReactNode; above?: ReactNode; done?: boolean };

/**
 * The page's only h1, the sentence below it, and the back link or steps above it.
 * @param done marks a page that reports success
 */
export function PageHeading({ title, lead, above, done }: PageHeadingProps) {
  return (
    <div className="mb-8 md:mb-10">
      {above && <div className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-1 md:mb-6">{above}</div>}
      {done && <DoneIcon className="mb-4 size-12 text-green" />}
      <h1 className="text-h1 tracking-tight wrap-break-word">{title}</h1>
      {lead && <div className="mt-3 max-w-measure text-lead text-pretty text-soft">{lead}</div>}
    </div>
  );
}
