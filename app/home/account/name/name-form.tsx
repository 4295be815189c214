"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { saveName } from "./actions";

type NameFormProps = {
  /** The heading, which the error summary stands above. */
  children: ReactNode;
  account: string;
  name: string;
  words: FormWords & Record<"title" | "name" | "hint" | "save", string>;
};

export function NameForm({ account, name, words, children }: NameFormProps) {
  const { state, faults, answer, form } = useCheckedForm(saveName, () =>
    import("./schema").then((schema) => schema.nameForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        <Field
          id="name"
          name="name"
          label={words.name}
          hint={words.hint}
          error={faults.name && faultText(faults.name, words.errors, words.locale)}
          autoComplete="name"
          defaultValue={state.status === "invalid" ? state.values.name : name}
        />
        <SubmitButton pending={words.pending}>{words.save}</SubmitButton>
      </form>
    </>
  );
}
