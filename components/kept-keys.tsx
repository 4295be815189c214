import type { ReactNode } from "react";

export type ListedKey = {
  id: string;
  product: string;
  /** What it is and since when it is kept. */
  what: string;
  /** When it starts. */
  starts: string;
  /** What would happen now. */
  now?: string | undefined;
  /** The key, masked, with its buttons. */
  key: ReactNode;
  /** The form that starts it. */
  action?: ReactNode;
};

/** Keys that nobody has used yet, each with what it would give now. */
export function KeptKeys({ title, keys }: { title: string; keys: readonly ListedKey[] }) {
  return (
    <section aria-labelledby="kept">
      <h2 id="kept" className="text-h2 tracking-tight">
        {title}
      </h2>
      <ul className="mt-4 grid gap-4">
        {keys.map(({ id, product, what, starts, now, key, action }) => (
          <li
            key={id}
            id={`key-${id}`}
            className="break-inside-avoid rounded-lg border border-line bg-sheet px-5 py-5 card-shadow max-xs:px-3 sm:px-8"
          >
            <h3 className="text-h3">{product}</h3>
            <p className="text-small text-soft">
              {what}. {starts}
            </p>
            <div className="mt-4">{key}</div>
            {(now || action) && (
              <div className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t sm:flex-nowrap border-line pt-4">
                <p className="min-w-0">{now}</p>
                {action}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
