"use client";

import type { ReactNode } from "react";
import { FormFaults } from "@/components/form-faults";
import type { FormState } from "@/components/form-state";
import { HiddenFields } from "@/components/hidden-fields";
import { NewPasswordField } from "@/components/new-password-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";

type NewPasswordFormProps = {
  action: (before: FormState<"password">, sent: FormData) => Promise<FormState<"password">>;
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  /** Other fields of the action, by name. */
  hidden: Record<string, string>;
  /** The account that gets the password. */
  email: string;
  words: FormWords & Record<"title" | "password" | "submit", string>;
};

/** Asks for a new password, to change the present one or to replace a forgotten one. */
export function NewPasswordForm({ action, children, hidden, email, words }: NewPasswordFormProps) {
  const { faults, answer, form } = useCheckedForm(action, () =>
    import("./form-fields").then(({ newPasswordForm }) => newPasswordForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <HiddenFields values={hidden} />
        {/* Tells password managers whose password to store. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordField
          label={words.password}
          hint={words.passwordField.hint}
          error={faults.password && faultText(faults.password, words.errors, words.locale)}
          locale={words.locale}
          words={words.passwordField}
        />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
