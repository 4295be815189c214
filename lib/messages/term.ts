import { getTranslations } from "next-intl/server";

/** A term in words: "12 months", "1 month and 10 days". */
export async function termInWords({ months, days }: { months: number; days: number }): Promise<string> {
  const t = await getTranslations("common");
  if (days === 0) return t("months", { count: months });
  if (months === 0) return t("days", { count: days });
  return t("and", { first: t("months", { count: months }), second: t("days", { count: days }) });
}
