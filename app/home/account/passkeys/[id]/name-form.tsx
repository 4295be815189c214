"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { savePasskeyName } from "./actions";

type NameFormProps = {
  /** The heading, which the error summary stands above. */
  children: ReactNode;
  account: string;
  passkey: { id: string; name: string };
  words: FormWords & Record<"title" | "name" | "hint" | "save", string>;
};

export function NameForm({ account, passkey, words, children }: NameFormProps) {
  const { state, faults, answer, form } = useCheckedForm(savePasskeyName, () =>
    import("./schema").then((schema) => schema.passkeyNameForm),
  );
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      <form {...form}>
        <AccountField id={account} />
        <input type="hidden" name="passkey" value={passkey.id} />
        <Field
          id="name"
          name="name"
          label={words.name}
          hint={words.hint}
          error={faults.name && faultText(faults.name, words.errors, words.locale)}
          autoComplete="off"
          defaultValue={state.status === "invalid" ? state.values.name : passkey.name}
        />
        <SubmitButton pending={words.pending}>{words.save}</SubmitButton>
      </form>
    </>
  );
}
