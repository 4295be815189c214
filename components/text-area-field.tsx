import type { ComponentProps, ReactNode } from "react";
import { controlLook, described, FieldFrame } from "@/components/field";

type TextAreaFieldProps = Omit<ComponentProps<"textarea">, "className"> & {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
};

/** A field for several lines. It takes every attribute of `<textarea>`; for `defaultValue` see `Field`. */
export function TextAreaField({ label, hint, error, id, ...area }: TextAreaFieldProps) {
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <textarea rows={6} {...area} {...described(id, { hint, error })} className={`${controlLook(error)} resize-y`} />
    </FieldFrame>
  );
}
