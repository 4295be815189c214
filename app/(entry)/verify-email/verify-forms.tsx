"use client";

import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { Field } from "@/components/field";
import { FormFaults } from "@/components/form-faults";
import { NewEmailField } from "@/components/new-email-field";
import { SubmitButton } from "@/components/submit-button";
import { useCheckedForm } from "@/components/use-checked-form";
import { faultText } from "@/lib/messages/fault-text";
import type { FormWords } from "@/lib/messages/form-words";
import { confirmByCode, saveAddress, sendAgain } from "./actions";

type VerifyFormsProps = {
  /** The heading, rendered below the error summary. */
  children: ReactNode;
  account: string;
  /** Whether the code of the newest email is still valid. */
  codeCounts: boolean;
  /** What to do when no email arrives. */
  waiting: ReactNode;
  /** What was typed before the session ended. Null where the address cannot be corrected here. */
  typedAddress: string | null;
  words: FormWords &
    Record<
      "title" | "code" | "codeHint" | "submit" | "sendAgain" | "correct" | "newEmail" | "newEmailHint" | "save",
      string
    >;
};

/** The forms for an unconfirmed address: enter the code, send another email, correct the address. */
export function VerifyForms({ account, codeCounts, waiting, typedAddress, words, children }: VerifyFormsProps) {
  const code = useCheckedForm(confirmByCode, () => import("./schema").then((schema) => schema.codeForm));
  const again = useCheckedForm(sendAgain, () => import("@/app/button-form").then((schema) => schema.buttonForm));
  const address = useCheckedForm(saveAddress, () => import("./schema").then((schema) => schema.addressForm));
  const faults = { ...code.faults, ...again.faults, ...address.faults };
  const sentence = (name: keyof typeof faults) => faults[name] && faultText(faults[name], words.errors, words.locale);
  const typedCode = code.state.status === "invalid" ? code.state.values.code : undefined;
  const email = address.state.status === "invalid" ? address.state.values.email : typedAddress || undefined;

  return (
    <>
      <FormFaults
        faults={faults}
        answer={[code, again, address].map((one) => one.answer).join()}
        words={words}
        title={words.title}
      />
      {children}
      {codeCounts && (
        <form {...code.form}>
          <AccountField id={account} />
          <Field
            id="code"
            name="code"
            label={words.code}
            hint={words.codeHint}
            error={sentence("code")}
            autoComplete="one-time-code"
            inputMode="numeric"
            dir="ltr"
            defaultValue={typedCode}
          />
          <SubmitButton pending={words.pending}>{words.submit}</SubmitButton>
        </form>
      )}
      {waiting}
      <form {...again.form}>
        <AccountField id={account} />
        <SubmitButton variant={codeCounts ? "quiet" : "primary"} pending={words.pending}>
          {words.sendAgain}
        </SubmitButton>
      </form>
      {typedAddress !== null && (
        <details open={email !== undefined} className="mt-8 border-t border-line pt-3">
          <summary className="link flex min-h-target w-fit cursor-pointer items-center">{words.correct}</summary>
          <form {...address.form} className="mt-4">
            <AccountField id={account} />
            <NewEmailField
              label={words.newEmail}
              hint={words.newEmailHint}
              error={sentence("email")}
              defaultValue={email}
              didYouMean={words.didYouMean}
            />
            <SubmitButton variant="quiet" pending={words.pending}>
              {words.save}
            </SubmitButton>
          </form>
        </details>
      )}
    </>
  );
}
