import type { ReactNode } from "react";

export type ListedKey = {
  id: string;
  product: string;
  /** What it gives and its last group. */
  what: ReactNode;
  /** What can be done with it, and what each leads to. Empty when nothing can. */
  choices: readonly { value: string; label: string; then?: string | undefined; checked: boolean }[];
  /** What happened, or why nothing can be done. */
  state?: { text: string; tone: "done" | "refused" } | undefined;
  /** A link to more about it. */
  more?: { href: string; label: string };
};

/** Several keys, each with what can be done with it. */
export const SeveralKeys = ({ keys }: { keys: readonly ListedKey[] }) => (
  <ol className="grid gap-4">
    {keys.map(({ id, product, what, choices, state, more }) => (
      <li
        key={id}
        className="rounded-lg border border-line bg-sheet px-5 py-5 card-shadow max-xs:px-3 sm:grid sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] sm:gap-x-8 sm:px-8 sm:py-6"
      >
        <div>
          <h2 className="text-h3">{product}</h2>
          <p className="text-small text-soft">{what}</p>
          {more && (
            <a href={more.href} className="link inline-flex min-h-target items-center text-small">
              {more.label}
            </a>
          )}
        </div>
        <div className="max-sm:mt-2">
          {state && <p className={`font-bold ${state.tone === "done" ? "text-green" : "text-amber"}`}>{state.text}</p>}
          {choices.length > 0 && (
            <fieldset>
              <legend className="sr-only">{product}</legend>
              {choices.map(({ value, label, then, checked }, index) => (
                <div
                  key={value}
                  className={`flex min-h-target items-start gap-3 py-1 ${index > 0 ? "border-t border-line" : ""}`}
                >
                  <input
                    type="radio"
                    name={`choice-${id}`}
                    id={`${id}-${value}`}
                    value={value}
                    defaultChecked={checked}
                    className="mt-1.5 size-6 flex-none accent-green"
                  />
                  <label htmlFor={`${id}-${value}`} className="grow cursor-pointer py-1.5">
                    <span className="font-bold">{label}</span>
                    {then && <span className="block text-small text-soft">{then}</span>}
                  </label>
                </div>
              ))}
            </fieldset>
          )}
        </div>
      </li>
    ))}
  </ol>
);
