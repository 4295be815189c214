"use client";

import { useEffect, useRef, type ReactNode } from "react";
import type { Entry } from "../entry";
import { EntryFields } from "@/components/entry-fields";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import { NewEmailField } from "@/components/new-email-field";
import { NewPasswordField } from "@/components/new-password-field";
import { SelectField } from "@/components/select-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { submitCreateAccount } from "./actions";

type CreateAccountFormProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  entry: Entry;
  countries: readonly { value: string; label: string }[];
  likelyCountry: string | undefined;
  signInLink: { href: string; label: string };
  words: FormWords &
    Record<
      "title" | "name" | "email" | "emailHint" | "password" | "country" | "countryHint" | "countryChoose" | "submit",
      string
    >;
};

export function CreateAccountForm({
  entry,
  countries,
  likelyCountry,
  signInLink,
  words,
  children,
}: CreateAccountFormProps) {
  const { state, faults, answer, form } = useCheckedForm(submitCreateAccount, () =>
    import("./schema").then((schema) => schema.createAccountForm),
  );
  const values = state.status === "invalid" ? state.values : { country: likelyCountry };
  const sentence = (name: keyof typeof faults) => faults[name] && faultText(faults[name], words.errors, words.locale);
  const zone = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (zone.current) zone.current.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }, [state]);

  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={words.title} />
      {children}
      {faults.email?.code === "email.taken" && (
        <p className="mb-8">
          <a href={signInLink.href}>{signInLink.label}</a>
        </p>
      )}
      <form {...form} className="max-w-form">
        <EntryFields {...entry} />
        <input ref={zone} type="hidden" name="timeZone" />
        <Field
          id="name"
          name="name"
          label={words.name}
          error={sentence("name")}
          autoComplete="name"
          defaultValue={values.name}
        />
        <NewEmailField
          label={words.email}
          hint={words.emailHint}
          error={sentence("email")}
          defaultValue={values.email}
          didYouMean={words.didYouMean}
        />
        <NewPasswordField
          label={words.password}
          hint={words.passwordField.hint}
          error={sentence("password")}
          locale={words.locale}
          words={words.passwordField}
        />
        <SelectField
          id="country"
          name="country"
          label={words.country}
          hint={words.countryHint}
          error={sentence("country")}
          autoComplete="country"
          options={countries}
          choose={words.countryChoose}
          defaultValue={values.country}
        />
        <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
      </form>
    </>
  );
}
