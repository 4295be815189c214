import { createTranslator } from "use-intl/core";
import en from "@/lib/messages/en.json";
import fr from "@/lib/messages/fr.json";
import type { Locale } from "@/lib/messages/locale";

const messages: Record<Locale, typeof en> = { en, fr };

/** An email with a missing word or value is not sent. */
const onError = (error: Error) => {
  throw error;
};

export const mailWords = (locale: Locale) =>
  createTranslator({ locale, messages: messages[locale], namespace: "mails", onError });
export const commonWords = (locale: Locale) =>
  createTranslator({ locale, messages: messages[locale], namespace: "common", onError });
export const browserWords = (locale: Locale) =>
  createTranslator({ locale, messages: messages[locale], namespace: "browserName", onError });

export type MailWords = ReturnType<typeof mailWords>;
