"use client";

import type { ReactNode } from "react";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import { HiddenFields } from "@/components/hidden-fields";
import { SubmitButton } from "@/components/submit-button";
import { TextAreaField } from "@/components/text-area-field";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { sendDispute } from "./actions";
import type { DisputeField } from "./schema";

type DisputeFormProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  hidden: Record<string, string>;
  /** What was typed before signing in again, by field. */
  typed: Partial<Record<string, string>>;
  words: FormWords & Record<"title" | "submit", string> & Record<DisputeField, { label: string; hint: string }>;
};

/** Asks what the receipt of a key says that another account uses. */
export function DisputeForm({ children, hidden, typed, words }: DisputeFormProps) {
  const { state, faults, answer, form } = useCheckedForm(sendDispute, () =>
    import("./schema").then(({ disputeForm }) => disputeForm),
  );
  const field = (name: DisputeField) => {
    const fault = faults[name];
    return {
      ...{ id: name, name, ...words[name] },
      error: fault && faultText(fault, words.errors, words.locale),
      defaultValue: state.status === "invalid" ? state.values[name] : typed[name],
    };
  };
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <HiddenFields values={hidden} />
        <Field {...field("shop")} autoComplete="off" />
        <Field {...field("boughtOn")} autoComplete="off" />
        <Field
          {...field("lastGroup")}
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          dir="ltr"
        />
        <TextAreaField {...field("receipt")} autoComplete="off" />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
