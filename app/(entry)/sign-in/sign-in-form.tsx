"use client";

import type { ReactNode } from "react";
import { FormFaults } from "@/components/form-faults";
import type { Entry } from "../entry";
import { EntryFields } from "@/components/entry-fields";
import { EmailField } from "@/components/email-field";
import { PasswordField } from "@/components/password-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import type { FormWords } from "@/lib/messages/form-words";
import { faultText } from "@/lib/messages/fault-text";
import { submitSignIn } from "./actions";

type SignInFormProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  entry: Entry;
  words: FormWords & Record<"title" | "email" | "password" | "submit", string>;
};

export function SignInForm({ entry, words, children }: SignInFormProps) {
  const { state, faults, answer, form } = useCheckedForm(submitSignIn, () =>
    import("./schema").then((schema) => schema.signInForm),
  );
  const values = state.status === "invalid" ? state.values : {};
  const sentence = (name: keyof typeof faults) => faults[name] && faultText(faults[name], words.errors, words.locale);

  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form} className="max-w-form">
        <EntryFields {...entry} />
        <EmailField
          label={words.email}
          error={sentence("email")}
          defaultValue={values.email}
          autoComplete="username webauthn"
        />
        <PasswordField
          id="password"
          name="password"
          label={words.password}
          error={sentence("password")}
          autoComplete="current-password"
          words={words.passwordField}
        />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
