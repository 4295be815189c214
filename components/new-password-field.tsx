"use client";

import { PasswordField, type PasswordFieldProps } from "@/components/password-field";
import { SuggestPassphrase, type SuggestionWords } from "@/components/suggest-passphrase";
import type { Locale } from "@/lib/messages/locale";

type NewPasswordFieldProps = Omit<PasswordFieldProps, "id" | "name" | "autoComplete" | "below"> & {
  words: SuggestionWords;
  /** The language of the suggested passphrase. */
  locale: Locale;
};

/** A new password, with a button that suggests a passphrase. */
export function NewPasswordField({ locale, ...field }: NewPasswordFieldProps) {
  return (
    <PasswordField
      {...field}
      id="password"
      name="password"
      autoComplete="new-password"
      below={(show) => <SuggestPassphrase field="password" locale={locale} words={field.words} onFilled={show} />}
    />
  );
}
