"use client";

import { useActionState, useState, type FormEvent, type ReactNode } from "react";
import { ErrorSummary } from "@/components/error-summary";
import { CheckIcon } from "@/components/icons";
import { PageTitle } from "@/components/page-title";
import { ProductKeyField } from "@/components/product-key-field";
import { SubmitButton } from "@/components/submit-button";
import { readKey } from "@/lib/licence/product-key";
import { keyFault } from "@/lib/messages/key-fault";
import type { KeyWords } from "@/lib/messages/key-words";
import type { Locale } from "@/lib/messages/locale";
import { verifyKey } from "./actions";
import type { KeyFormState } from "./key-form-state";

type KeyFormProps = {
  words: { answer: KeyWords } & Record<
    "title" | "site" | "error" | "problem" | "label" | "hint" | "submit" | "pending",
    string
  >;
  locale: Locale;
  /** Rendered between the error summary and the field. */
  children: ReactNode;
};

/**
 * The key page's form. The browser answers a typing error without a request. Without JavaScript the server answers it.
 */
export function KeyForm({ words, locale, children }: KeyFormProps) {
  const faultOf = (typed: string) => keyFault(readKey(typed), words.answer, locale);
  const [sent, send] = useActionState(verifyKey, { status: "idle", answer: 0 } as KeyFormState);
  const [checked, setChecked] = useState<KeyFormState>(sent);
  const state = checked.answer > sent.answer ? checked : sent;
  const error = state.status === "invalid" ? faultOf(state.typed) : null;

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    const { submitter } = event.nativeEvent as SubmitEvent;
    const typed = typedIn(event.currentTarget);
    // A button that accepts a correction brings the key itself, and another takes all keys of the text.
    if (submitter?.hasAttribute("name") || !faultOf(typed)) return;
    event.preventDefault();
    setChecked({ status: "invalid", typed, answer: state.answer + 1 });
  }

  /** A key that is complete now takes back what was said about an earlier text. */
  function onInput(event: FormEvent<HTMLFormElement>) {
    if (error && !faultOf(typedIn(event.currentTarget))) setChecked({ status: "idle", answer: state.answer + 1 });
  }

  return (
    <>
      <PageTitle title={words.title} site={words.site} error={error ? words.error : undefined} />
      {error && (
        <ErrorSummary title={words.problem} errors={[{ field: "key", message: error }]} answer={state.answer} />
      )}
      {children}
      <form action={send} onSubmit={onSubmit} onInput={onInput} noValidate>
        <ProductKeyField
          id="key"
          label={words.label}
          hint={words.hint}
          error={error ?? undefined}
          defaultValue={sent.status === "invalid" ? sent.typed : undefined}
          words={words.answer}
          locale={locale}
          submit={(offersCorrection) => (
            <SubmitButton variant={offersCorrection ? "quiet" : "primary"} pending={words.pending} icon={<CheckIcon />}>
              {words.submit}
            </SubmitButton>
          )}
        />
      </form>
    </>
  );
}

const typedIn = (form: HTMLFormElement): string => String(new FormData(form).get("key") ?? "");
