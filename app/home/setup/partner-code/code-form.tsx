"use client";

import { useActionState, useState, type FormEvent, type ReactNode } from "react";
import { ErrorSummary } from "@/components/error-summary";
import { described, FieldFrame } from "@/components/field";
import { CheckIcon } from "@/components/icons";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { keyIn, readKey } from "@/lib/licence/product-key";
import { codeFault, type CodeWords } from "@/lib/messages/code-fault";
import type { Locale } from "@/lib/messages/locale";
import { verifyKey } from "../key/actions";
import type { KeyFormState } from "../key/key-form-state";

type CodeFormProps = {
  words: { answer: CodeWords } & Record<
    "title" | "site" | "error" | "problem" | "label" | "hint" | "submit" | "pending",
    string
  >;
  locale: Locale;
  /** Rendered between the error summary and the field. */
  children: ReactNode;
};

/**
 * The form of a partner code. The browser answers a typing error without a request. Without JavaScript the server answers
 * it. A product key typed here goes on to its own review.
 */
export function CodeForm({ words, locale, children }: CodeFormProps) {
  const [sent, send] = useActionState(verifyKey, { status: "idle", answer: 0 } as KeyFormState);
  const [checked, setChecked] = useState<KeyFormState>(sent);
  const state = checked.answer > sent.answer ? checked : sent;
  const error = state.status === "invalid" ? codeFault(readKey(state.typed), words.answer, locale) : null;

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    const typed = typedIn(event.currentTarget);
    if (isComplete(typed)) return;
    event.preventDefault();
    setChecked({ status: "invalid", typed, answer: state.answer + 1 });
  }

  /** A code that is complete now takes back what was said about an earlier text. */
  function onInput(event: FormEvent<HTMLFormElement>) {
    if (error && isComplete(typedIn(event.currentTarget))) setChecked({ status: "idle", answer: state.answer + 1 });
  }

  return (
    <>
      <PageTitle title={words.title} site={words.site} error={error ? words.error : undefined} />
      {error && (
        <ErrorSummary title={words.problem} errors={[{ field: "code", message: error }]} answer={state.answer} />
      )}
      {children}
      <form action={send} onSubmit={onSubmit} onInput={onInput} noValidate>
        <FieldFrame id="code" label={words.label} hint={words.hint} error={error ?? undefined}>
          <input
            name="key"
            type="text"
            defaultValue={sent.status === "invalid" ? sent.typed : undefined}
            {...described("code", { hint: words.hint, error: error ?? undefined })}
            dir="ltr"
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            className={`block min-h-16 w-full max-w-md rounded-lg border-2 bg-sheet px-4 font-mono text-key font-bold text-ink focus-ring bare ${
              error ? "border-brick" : "border-ink"
            }`}
          />
        </FieldFrame>
        <SubmitButton pending={words.pending} icon={<CheckIcon />}>
          {words.submit}
        </SubmitButton>
      </form>
    </>
  );
}

const typedIn = (form: HTMLFormElement): string => String(new FormData(form).get("key") ?? "");

function isComplete(typed: string): boolean {
  const reading = readKey(typed);
  return reading.kind === "partnerCode" || keyIn(reading) !== null;
}
