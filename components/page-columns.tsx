import type { ReactNode } from "react";

/** The page's one subject, with help beside it on wide screens and below it on narrow ones. */
export function PageColumns({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-14 lg:grid-cols-[minmax(0,1fr)_20rem] lg:gap-20">
      <div className="min-w-0">{children}</div>
      <aside className="text-small">{aside}</aside>
    </div>
  );
}
