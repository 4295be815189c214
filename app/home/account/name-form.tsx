"use client";

import type { ReactNode } from "react";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { saveName } from "./actions";

type NameFormProps = {
  /** The heading, which the error summary stands above. */ children: ReactNode;
  name: string;
  words: FormWords & Record<"title" | "name" | "save" | "saved", string>;
};

export function NameForm({ name, words, children }: NameFormProps) {
  const { state, faults, answer, form } = useCheckedForm(saveName, () =>
    import("./schema").then((schema) => schema.nameForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <Field
          id="name"
          name="name"
          label={words.name}
          error={faults.name && faultText(faults.name, words.errors, words.locale)}
          autoComplete="name"
          defaultValue={state.status === "invalid" ? state.values.name : name}
        />
        <SubmitButton variant="quiet" pending={words.pending}>
          {words.save}
        </SubmitButton>
        <p role="status" className="mt-3 font-bold text-green empty:sr-only">
          {state.status === "done" ? words.saved : ""}
        </p>
      </form>
    </>
  );
}
