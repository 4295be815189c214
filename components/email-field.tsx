import { Field, type FieldProps } from "@/components/field";

type EmailFieldProps = Pick<FieldProps, "label" | "hint" | "error" | "defaultValue" | "onBlur"> & {
  /** `webauthn` makes the browser offer passkeys in this field too. */
  autoComplete?: "username" | "username webauthn";
};

/** The email address to sign in with, marked up so that browsers and password managers recognise it. */
export function EmailField({ autoComplete = "username", ...field }: EmailFieldProps) {
  return (
    <Field
      {...field}
      id="email"
      name="email"
      type="email"
      autoComplete={autoComplete}
      inputMode="email"
      spellCheck={false}
      autoCapitalize="none"
    />
  );
}
