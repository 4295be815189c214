"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { FormFaults } from "@/components/form-faults";
import { NewEmailField } from "@/components/new-email-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { changeEmail } from "./actions";

type EmailFormProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  account: string;
  email: string;
  words: FormWords & Record<"title" | "label" | "hint" | "submit", string>;
};

export function EmailForm({ account, email, words, children }: EmailFormProps) {
  const { state, faults, answer, form } = useCheckedForm(changeEmail, () =>
    import("@/app/form-fields").then((schema) => schema.emailForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        <NewEmailField
          label={words.label}
          hint={words.hint}
          error={faults.email && faultText(faults.email, words.errors, words.locale)}
          defaultValue={state.status === "invalid" ? state.values.email : email}
          didYouMean={words.didYouMean}
        />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
