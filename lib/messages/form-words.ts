import { getLocale, getMessages } from "next-intl/server";
import { brand } from "@/lib/brand";
import type { ErrorWords } from "./fault-text";
import type en from "./en.json";
import type { Locale } from "./locale";

/** The words every form needs, whatever it asks: to be handed to a client form as a prop. */
export type FormWords = {
  locale: Locale;
  site: string;
  problem: string;
  error: string;
  pending: string;
  /** With a place for the `{address}`. */
  didYouMean: string;
  errors: ErrorWords;
  passwordField: (typeof en)["passwordField"];
};

/** @param faults the parts of `errors` that can occur in the form */
export async function formWords(...faults: (keyof ErrorWords)[]): Promise<FormWords> {
  const { common, errors, passwordField } = await getMessages();
  return {
    locale: await getLocale(),
    site: brand.site,
    problem: common.problem,
    error: common.error,
    pending: common.pending,
    didYouMean: common.didYouMean,
    errors: Object.fromEntries([...faults, "unexpected" as const].map((name) => [name, errors[name]])),
    passwordField,
  };
}
