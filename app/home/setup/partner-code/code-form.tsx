"use client";

import type { ReactNode } from "react";
import { VerifyForm, type VerifyWords } from "@/app/home/setup/key/verify-form";
import { described, FieldFrame } from "@/components/field";
import { CheckIcon } from "@/components/icons";
import { SubmitButton } from "@/components/submit-button";
import { readKey } from "@/lib/licence/product-key";
import { codeFault, type CodeWords } from "@/lib/messages/code-fault";
import type { Locale } from "@/lib/messages/locale";

type CodeFormProps = {
  words: { answer: CodeWords } & Record<"label" | "hint" | "submit" | "pending", string> & VerifyWords;
  locale: Locale;
  /** Rendered between the error summary and the field. */
  children: ReactNode;
};

/** The form of a partner code. A product key typed here goes on to its own review. */
export const CodeForm = ({ words, locale, children }: CodeFormProps) => (
  <VerifyForm
    field="code"
    faultOf={(typed) => codeFault(readKey(typed), words.answer, locale)}
    words={words}
    above={children}
  >
    {(error, typed) => (
      <>
        <FieldFrame id="code" label={words.label} hint={words.hint} error={error}>
          <input
            name="key"
            type="text"
            defaultValue={typed}
            {...described("code", { hint: words.hint, error })}
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
      </>
    )}
  </VerifyForm>
);
