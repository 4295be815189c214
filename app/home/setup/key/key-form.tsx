"use client";

import type { ReactNode } from "react";
import { ProductKeyField, type KeyFieldWords } from "@/components/product-key-field";
import { readKey } from "@/lib/licence/product-key";
import { keyFault } from "@/lib/messages/key-fault";
import type { Locale } from "@/lib/messages/locale";
import { VerifyForm, type VerifyWords } from "./verify-form";

type KeyFormProps = {
  words: KeyFieldWords & VerifyWords;
  locale: Locale;
  /** Rendered between the error summary and the field. */
  children: ReactNode;
};

/** The key page's form. */
export const KeyForm = ({ words, locale, children }: KeyFormProps) => (
  <VerifyForm
    field="key"
    faultOf={(typed) => keyFault(readKey(typed), words.answer, locale)}
    words={words}
    above={children}
  >
    {(error, typed) => <ProductKeyField words={words} locale={locale} error={error} defaultValue={typed} />}
  </VerifyForm>
);
