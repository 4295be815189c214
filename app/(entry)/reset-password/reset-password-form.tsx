"use client";

import type { ReactNode } from "react";
import { FormFaults } from "@/components/form-faults";
import { NewPasswordField } from "@/components/new-password-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { submitNewPassword } from "./actions";

type ResetPasswordFormProps = {
  /** The heading, which the error summary stands above. */
  children: ReactNode;
  token: string;
  email: string;
  words: FormWords & Record<"title" | "password" | "submit", string>;
};

export function ResetPasswordForm({ token, email, words, children }: ResetPasswordFormProps) {
  const { faults, answer, form } = useCheckedForm(submitNewPassword, () =>
    import("./schema").then((schema) => schema.resetPasswordForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <input type="hidden" name="token" value={token} />
        {/* Tells a password manager whose password it is to keep. */}
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
