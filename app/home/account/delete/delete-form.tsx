"use client";

import type { ReactNode } from "react";
import { FormFaults } from "@/components/form-faults";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import type { FormWords } from "@/lib/messages/form-words";
import { askDeletion } from "./actions";

type DeleteFormProps = {
  /** The heading and what is lost, which the error summary stands above. */
  children: ReactNode;
  words: FormWords & Record<"title" | "submit", string>;
};

export function DeleteForm({ words, children }: DeleteFormProps) {
  const { faults, answer, form } = useCheckedForm(askDeletion, () =>
    import("./schema").then((schema) => schema.deleteForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
