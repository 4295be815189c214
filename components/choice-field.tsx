import type { ReactNode } from "react";

type ChoiceFieldProps = {
  name: string;
  /** The question, as the group's legend. */
  label: string;
  hint?: ReactNode;
  options: readonly { value: string; label: string; hint?: string }[];
  defaultValue: string;
};

/** A short list of radio buttons. One is always selected. */
export function ChoiceField({ name, label, hint, options, defaultValue }: ChoiceFieldProps) {
  return (
    <fieldset className="mb-7" aria-describedby={hint ? `${name}-hint` : undefined}>
      <legend className="font-bold">{label}</legend>
      {hint && (
        <div id={`${name}-hint`} className="mt-0.5 text-small text-pretty text-soft">
          {hint}
        </div>
      )}
      <div className="mt-3 grid gap-2">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-control cursor-pointer items-start gap-3.5 rounded border-2 border-line px-4 py-3 hover:border-edge has-checked:border-ink has-checked:bg-sheet"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              defaultChecked={option.value === defaultValue}
              aria-labelledby={`${name}-${option.value}`}
              aria-describedby={option.hint && `${name}-${option.value}-hint`}
              className="mt-1 size-5 flex-none accent-green"
            />
            <span className="min-w-0">
              <span id={`${name}-${option.value}`} className="font-bold">
                {option.label}
              </span>
              {option.hint && (
                <span id={`${name}-${option.value}-hint`} className="block text-small text-soft">
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
