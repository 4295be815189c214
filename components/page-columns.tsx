import type { ReactNode } from "react";

/** The one thing a page is about, and beside it on a wide screen (below it on a narrow one) what helps with it. */
export function PageColumns({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-14 lg:grid-cols-[minmax(0,1fr)_20rem] lg:gap-20">
      <div className="min-w-0">{children}</div>
      <aside className="text-small">{aside}</aside>
    </div>
  );
}
