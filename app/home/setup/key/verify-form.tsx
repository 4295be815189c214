"use client";

import { useActionState, useState, type FormEvent, type ReactNode } from "react";
import { ErrorSummary } from "@/components/error-summary";
import { PageTitle } from "@/components/page-title";
import { verifyKey } from "./actions";
import type { KeyFormState } from "./key-form-state";

export type VerifyWords = Record<"title" | "site" | "error" | "problem", string>;

type VerifyFormProps = {
  /** The field's id. Its name is `key`. */
  field: string;
  /** What is wrong with a text, in words. Null: it can be sent. */
  faultOf: (typed: string) => string | null;
  words: VerifyWords;
  /** Rendered between the error summary and the field. */
  above: ReactNode;
  /** The field and its button. `typed`: what was sent, in the server's answer. */
  children: (error: string | undefined, typed: string | undefined) => ReactNode;
};

/**
 * The form of a product key or partner code. The browser answers a typing error without a request. Without JavaScript the
 * server answers it.
 */
export function VerifyForm({ field, faultOf, words, above, children }: VerifyFormProps) {
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

  /** A text that is complete now takes back what was said about an earlier one. */
  function onInput(event: FormEvent<HTMLFormElement>) {
    if (error && !faultOf(typedIn(event.currentTarget))) setChecked({ status: "idle", answer: state.answer + 1 });
  }

  return (
    <>
      <PageTitle title={words.title} site={words.site} error={error ? words.error : undefined} />
      {error && <ErrorSummary title={words.problem} errors={[{ field, message: error }]} answer={state.answer} />}
      {above}
      <form action={send} onSubmit={onSubmit} onInput={onInput} noValidate>
        {children(error ?? undefined, sent.status === "invalid" ? sent.typed : undefined)}
      </form>
    </>
  );
}

const typedIn = (form: HTMLFormElement): string => String(new FormData(form).get("key") ?? "");
