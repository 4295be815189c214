"use client";

import type { ReactNode } from "react";
import { EmailField } from "@/components/email-field";
import { EntryFields } from "@/components/entry-fields";
import { FormFaults } from "@/components/form-faults";
import { PageHeading } from "@/components/page-heading";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import { fill } from "@/lib/messages/fill";
import type { FormWords } from "@/lib/messages/form-words";
import type { Entry } from "../entry";
import { submitForgotPassword } from "./actions";

type ForgotPasswordFormProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  entry: Entry;
  /** What to do when no email arrives. */
  waiting: ReactNode;
  words: FormWords & Record<"title" | "email" | "submit" | "sentTitle" | "sentLead" | "again" | "sendAgain", string>;
};

export function ForgotPasswordForm({ entry, waiting, words, children }: ForgotPasswordFormProps) {
  const { state, faults, answer, form } = useCheckedForm(submitForgotPassword, () =>
    import("@/app/form-fields").then(({ emailForm }) => emailForm),
  );
  const values = state.status === "idle" ? {} : (state.values ?? {});
  const isSent = state.status === "done";
  const lead = fill(words.sentLead, { email: values.email ?? "" });
  return (
    <>
      <FormFaults faults={faults} answer={answer} words={words} title={isSent ? words.sentTitle : words.title} />
      <p role="status" className="sr-only">
        {isSent ? lead : ""}
      </p>
      {isSent ? (
        <>
          <PageHeading title={words.sentTitle} lead={<span className="wrap-anywhere">{lead}</span>} />
          {waiting}
          <h2 className="mt-10 mb-4 text-h2 tracking-tight">{words.again}</h2>
        </>
      ) : (
        children
      )}
      <form {...form}>
        <EntryFields {...entry} />
        <EmailField
          label={words.email}
          error={faults.email && faultText(faults.email, words.errors, words.locale)}
          defaultValue={values.email}
        />
        <SubmitButton variant={isSent ? "quiet" : "primary"} pending={words.pending}>
          {isSent ? words.sendAgain : words.submit}
        </SubmitButton>
      </form>
    </>
  );
}
