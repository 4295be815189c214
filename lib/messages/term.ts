import { getTranslations } from "next-intl/server";

type Term = { months: number; days: number };
type Words = Awaited<ReturnType<typeof getTranslations<"common">>>;

/** A term in words: "12 months", "1 month and 10 days". */
export const termInWords = async (term: Term): Promise<string> => writeTerm(term, await getTranslations("common"));

/** Like {@link termInWords}, for callers that already have the translator. @param t for the namespace `common` */
export function writeTerm({ months, days }: Term, t: Words): string {
  if (days === 0) return t("months", { count: months });
  if (months === 0) return t("days", { count: days });
  return t("and", { first: t("months", { count: months }), second: t("days", { count: days }) });
}
