import type { ComponentProps, ReactNode } from "react";
import { controlLook, described, FieldFrame } from "@/components/field";
import { OpenIcon } from "@/components/icons";

type Option = { value: string; label: string };

type SelectFieldProps = Omit<ComponentProps<"select">, "className" | "children"> & {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** One list, or several named groups. */
  options: readonly (Option | { group: string; options: readonly Option[] })[];
  /** The label of an empty first option. Without it the first option is selected. */
  choose?: string;
};

/** A native select. */
export function SelectField({ label, hint, error, id, options, choose, defaultValue, ...select }: SelectFieldProps) {
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        {/* After an action React resets a select to its first option. A new key restores the value it had. */}
        <select
          key={String(defaultValue)}
          {...select}
          {...described(id, { hint, error })}
          defaultValue={defaultValue}
          className={`${controlLook(error)} appearance-none pe-12`}
        >
          {choose !== undefined && <option value="">{choose}</option>}
          {options.map((option) =>
            "group" in option ? (
              <optgroup key={option.group} label={option.group}>
                {option.options.map(toOption)}
              </optgroup>
            ) : (
              toOption(option)
            ),
          )}
        </select>
        <OpenIcon className="pointer-events-none absolute inset-y-0 end-4 my-auto size-5" />
      </div>
    </FieldFrame>
  );
}

const toOption = ({ value, label }: Option) => (
  <option key={value} value={value}>
    {label}
  </option>
);
