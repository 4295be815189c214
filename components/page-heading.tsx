import type { ReactNode } from "react";
import { DoneIcon, LookAgainIcon } from "@/components/icons";

type PageHeadingProps = {
  title: string;
  lead?: ReactNode;
  above?: ReactNode;
  /** A mark above the title: `done` for success, `refused` for something that did not happen. */
  mark?: "done" | "refused" | undefined;
};

/** The page's only h1, the sentence below it, and the back link or steps above it. */
export function PageHeading({ title, lead, above, mark }: PageHeadingProps) {
  return (
    <div className="mb-8 md:mb-10">
      {above && <div className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-1 md:mb-6">{above}</div>}
      {mark === "done" && <DoneIcon className="mb-4 size-12 text-green" />}
      {mark === "refused" && <LookAgainIcon className="mb-4 size-12 text-amber" />}
      <h1 className="text-h1 tracking-tight wrap-break-word max-xs:text-h2">{title}</h1>
      {lead && <div className="mt-3 max-w-measure text-lead text-pretty text-soft">{lead}</div>}
    </div>
  );
}
