import { Field, type FieldProps } from "@/components/field";

type EmailFieldProps = Pick<FieldProps, "label" | "hint" | "error" | "defaultValue" | "onBlur"> & {
  /** `webauthn`: the browser offers passkeys here too. */
  autoComplete?: "username" | "username webauthn";
};

/** The address a person signs in with, as browsers and password managers know it. */
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
