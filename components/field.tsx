import type { ComponentProps, ReactNode } from "react";
import { ErrorIcon } from "@/components/icons";

type Words = { label: string; hint?: ReactNode; error?: string | undefined };

export type FieldProps = Omit<ComponentProps<"input">, "className"> & Words & { id: string };

const control =
  "block w-full min-h-control rounded border-2 bg-sheet px-4 py-2.5 text-base text-ink placeholder:text-soft";

/** The look of every control, red when it has an error. */
export const controlLook = (error: string | undefined) => `${control} ${error ? "border-brick" : "border-ink"}`;

/** The attributes that tie a control to its hint and its error. Spread them on the control. */
export const described = (id: string, { hint, error }: Omit<Words, "label">) => ({
  id,
  "aria-describedby": [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined,
  "aria-invalid": error ? true : undefined,
});

/** Label, hint, error and control, in reading order. */
export function FieldFrame({ id, label, hint, error, children }: Words & { id: string; children: ReactNode }) {
  return (
    <div className="mb-7">
      <label htmlFor={id} className="font-bold">
        {label}
      </label>
      {hint && (
        <div id={`${id}-hint`} className="mt-0.5 text-small text-pretty text-soft">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 flex gap-2 text-small font-bold text-brick">
          <ErrorIcon className="mt-0.5 size-5" />
          <span>{error}</span>
        </p>
      )}
      <div className="mt-2">{children}</div>
    </div>
  );
}

/**
 * A text field. It takes every attribute of `<input>`. Pass `defaultValue` from the server's answer, or what was typed
 * is lost without JavaScript.
 * @param error the message, not its code
 */
export function Field({ label, hint, error, id, ...input }: FieldProps) {
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <input {...input} {...described(id, { hint, error })} className={controlLook(error)} />
    </FieldFrame>
  );
}
