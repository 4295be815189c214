import type { ReactNode } from "react";
import type { Fact } from "@/components/facts";

export type ListedChoice = {
  value: string;
  label: string;
  /** Why, in one sentence. */
  why: string;
  /** What it leads to, as a sum: the lines, then their total. */
  sum?: { lines: readonly Fact[]; total: Fact; after: string };
  /** Something that belongs to this choice, such as a checkbox. */
  more?: ReactNode;
};

/** Radio buttons, the best choice first and chosen. The details of the others show once they are chosen. */
export function ChoiceList({ title, choices }: { title: string; choices: readonly ListedChoice[] }) {
  return (
    <fieldset>
      <legend className="text-h3 font-bold">{title}</legend>
      {choices.map(({ value, label, why, sum, more }, index) => (
        <div
          key={value}
          className="group/choice mt-3 rounded border-2 border-line px-4 py-3 has-[[type=radio]:checked]:border-ink max-xs:px-2"
        >
          <div className="flex min-h-target items-center gap-3">
            <input
              type="radio"
              name="choice"
              id={`choice-${value}`}
              value={value}
              defaultChecked={index === 0}
              aria-describedby={`choice-${value}-why`}
              className="size-6 flex-none accent-green"
            />
            <label htmlFor={`choice-${value}`} className="grow cursor-pointer py-2 font-bold">
              {label}
            </label>
          </div>
          <div className="ps-9 pb-1 max-xs:ps-0">
            <p id={`choice-${value}-why`} className="text-small text-pretty text-soft">
              {why}
            </p>
            {sum && (
              <p className="mt-1 text-small group-has-[[type=radio]:checked]/choice:hidden supports-[not_selector(:has(a))]:hidden">
                {sum.total.name} {sum.total.value}
              </p>
            )}
            <div className="supports-[selector(:has(a))]:not-group-has-[[type=radio]:checked]/choice:hidden">
              {sum && <Sum {...sum} />}
              {more}
            </div>
          </div>
        </div>
      ))}
    </fieldset>
  );
}

const Sum = ({ lines, total, after }: NonNullable<ListedChoice["sum"]>) => (
  <>
    <dl className="mt-3">
      {lines.map(({ name, value }) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-6 py-1">
          <dt className="text-soft">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div className="mt-2 border-t-2 border-ink pt-3">
        <dt className="text-soft">{total.name}</dt>
        <dd className="text-h2 font-bold tracking-tight max-xs:text-small">{total.value}</dd>
      </div>
    </dl>
    <p className="mt-1 text-soft">{after}</p>
  </>
);
