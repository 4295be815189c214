"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { FormFaults } from "@/components/form-faults";
import { NewPasswordField } from "@/components/new-password-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { savePassword } from "./actions";

type PasswordFormProps = {
  /** The heading, which the error summary stands above. */
  children: ReactNode;
  account: string;
  email: string;
  words: FormWords & Record<"title" | "password" | "submit", string>;
};

export function PasswordForm({ account, email, words, children }: PasswordFormProps) {
  const { faults, answer, form } = useCheckedForm(savePassword, () =>
    import("./schema").then((schema) => schema.passwordForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        {/* Tells a password manager whose password it is to replace. */}
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
