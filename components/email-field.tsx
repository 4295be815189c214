import { Field, type FieldProps } from "@/components/field";

/** The address a person signs in with, as browsers and password managers know it. */
export function EmailField(field: Pick<FieldProps, "label" | "hint" | "error" | "defaultValue" | "onBlur">) {
  return (
    <Field
      {...field}
      id="email"
      name="email"
      type="email"
      autoComplete="username"
      inputMode="email"
      spellCheck={false}
      autoCapitalize="none"
    />
  );
}
