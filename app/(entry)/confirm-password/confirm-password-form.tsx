"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { FormFaults } from "@/components/form-faults";
import { PasswordField } from "@/components/password-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { submitPassword } from "./actions";

type ConfirmPasswordFormProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  account: string;
  next: string;
  email: string;
  words: FormWords & Record<"title" | "password" | "submit", string>;
};

export function ConfirmPasswordForm({ account, next, email, words, children }: ConfirmPasswordFormProps) {
  const { faults, answer, form } = useCheckedForm(submitPassword, () =>
    import("./schema").then((schema) => schema.confirmPasswordForm),
  );
  const error = faults.password && faultText(faults.password, words.errors, words.locale);
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        <input type="hidden" name="next" value={next} />
        {/* Tells password managers which stored password is needed. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          id="password"
          name="password"
          label={words.password}
          error={error}
          autoComplete="current-password"
          words={words.passwordField}
        />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
