"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { FormFaults } from "@/components/form-faults";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import type { FormWords } from "@/lib/messages/form-words";
import { askDeletion } from "./actions";

type DeleteFormProps = {
  /** The heading and what is lost, which the error summary stands above. */
  children: ReactNode;
  account: string;
  words: FormWords & Record<"title" | "submit", string>;
};

export function DeleteForm({ account, words, children }: DeleteFormProps) {
  const { faults, answer, form } = useCheckedForm(askDeletion, () =>
    import("./schema").then((schema) => schema.deleteForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
