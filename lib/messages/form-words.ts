import { getLocale, getMessages } from "next-intl/server";
import { brand } from "@/lib/brand";
import type { ErrorWords } from "./fault-text";
import type en from "./en.json";
import type { Locale } from "./locale";

/** The messages that every form needs. A page passes them to its client form as a prop. */
export type FormWords = {
  locale: Locale;
  site: string;
  problem: string;
  error: string;
  pending: string;
  /** Contains the placeholder `{address}`. */
  didYouMean: string;
  errors: ErrorWords;
  passwordField: (typeof en)["passwordField"];
};

/** @param faults the parts of `errors` that the form can show */
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
