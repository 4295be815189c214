"use client";

import type { ReactNode } from "react";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import type { FormState } from "@/components/form-state";
import { HiddenFields } from "@/components/hidden-fields";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";

type NameFormProps = {
  /** What is named; the rules for names differ. */
  of: "person" | "passkey";
  action: (before: FormState<"name">, sent: FormData) => Promise<FormState<"name">>;
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  /** Other fields of the action, by name. */
  hidden: Record<string, string>;
  /** The present name, or what was typed before. */
  name: string;
  words: FormWords & Record<"title" | "name" | "hint" | "save", string>;
};

/** Asks for the name of a person or of a passkey. */
export function NameForm({ of, action, children, hidden, name, words }: NameFormProps) {
  const { state, faults, answer, form } = useCheckedForm(action, () =>
    import("./form-fields").then(({ nameForms }) => nameForms[of]),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <HiddenFields values={hidden} />
        <Field
          id="name"
          name="name"
          label={words.name}
          hint={words.hint}
          error={faults.name && faultText(faults.name, words.errors, words.locale)}
          autoComplete={of === "person" ? "name" : "off"}
          defaultValue={state.status === "invalid" ? state.values.name : name}
        />
        <SubmitButton pending={words.pending}>{words.save}</SubmitButton>
      </form>
    </>
  );
}
