"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { FormFaults } from "@/components/form-faults";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import type { FormWords } from "@/lib/messages/form-words";
import { askDeletion } from "./actions";

type DeleteFormProps = {
  /** The heading and what will be lost, rendered below the error summary. */
  children: ReactNode;
  account: string;
  /** The email was sent and can be sent again. */
  isAgain?: boolean;
  words: FormWords & Record<"title" | "submit", string>;
};

export function DeleteForm({ account, isAgain = false, words, children }: DeleteFormProps) {
  const { faults, answer, form } = useCheckedForm(askDeletion, () =>
    import("@/app/button-form").then((schema) => schema.buttonForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        {isAgain && <input type="hidden" name="again" value="yes" />}
        <SubmitButton variant={isAgain ? "quiet" : "primary"} pending={words.pending}>
          {words.submit}
        </SubmitButton>
      </form>
    </>
  );
}
